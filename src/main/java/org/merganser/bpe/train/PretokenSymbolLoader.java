package org.merganser.bpe.train;

import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.merganser.bpe.count.WordChunks;

/**
 * Reads counts and lays the {@link PretokenSymbols} out by count: once as they come into {@link
 * WordChunks}, and from there each to the end of its run so far.
 */
public final class PretokenSymbolLoader {
  /** Counts from here on, which few words have, are looked up in a map. */
  private static final int COMMON = 1 << 16;

  private final long minimumCount;

  /** Bytes of a symbol: 1, or more where symbols are ids. */
  private final int symbolBytes;

  private final long[] bytesSeen = new long[256];

  /** Words behind their counts. */
  private final WordChunks words;

  private long mass;

  /** Cells by count: at first how many, then where the next word goes. */
  private final int[] common = new int[COMMON];

  private final Map<Long, int[]> high = new TreeMap<>(Comparator.reverseOrder());

  /** Whether an id needs more than 16 bits. */
  private boolean wide;

  private PretokenSymbolLoader(long minimumCount, int symbolBytes) {
    this.minimumCount = minimumCount;
    this.symbolBytes = symbolBytes;
    this.words = new WordChunks(symbolBytes);
  }

  /**
   * Reads all counts. Words of a single symbol are counted in {@link PretokenSymbols#bytesSeen} and
   * left out: nothing can be merged in them.
   *
   * @param minimumCount rarer words are left out too
   * @param symbolBytes bytes of a symbol, the highest first: 1 for text, more for words of ids,
   *     each of which takes one cell
   * @throws ArithmeticException when the corpus has more bytes than a long counts
   * @throws IllegalStateException when the words don't fit one array
   */
  static PretokenSymbols load(BpeTrainer.CountSource source, long minimumCount, int symbolBytes) {
    PretokenSymbolLoader loader = new PretokenSymbolLoader(minimumCount, symbolBytes);
    source.forEach(loader::add);
    return loader.layOut();
  }

  /** Words and what a bound left out of them. */
  public record Bounded(PretokenSymbols words, TrainingBound.Cut cut) {}

  /**
   * As {@link #load(BpeTrainer.CountSource, long, int)}, within a bound.
   *
   * @param source is read twice and must give the same both times
   * @throws IllegalStateException when it does not
   */
  public static Bounded load(
      BpeTrainer.CountSource source, TrainingBound bound, int vocabSize, int symbolBytes) {
    TrainingBound.Histogram histogram = new TrainingBound.Histogram();
    source.forEach(histogram);
    TrainingBound.Cut cut = histogram.cut(bound, vocabSize);
    long[] kept = {0, 0};
    PretokenSymbols words =
        load(
            visitor ->
                source.forEach(
                    (bytes, from, to, count) -> {
                      if (count >= cut.minimumCount()) {
                        kept[0]++;
                        kept[1] += count;
                      }
                      visitor.visit(bytes, from, to, count);
                    }),
            cut.minimumCount(),
            symbolBytes);
    if (kept[0] != cut.keptDistinct() || kept[1] != cut.keptMass()) {
      throw new IllegalStateException(
          "the counts differ between two passes: %d pretokens that occur %d times, then %d and %d"
              .formatted(cut.keptDistinct(), cut.keptMass(), kept[0], kept[1]));
    }
    return new Bounded(words, cut);
  }

  private void add(byte[] bytes, int from, int to, long count) {
    if (count < 1) {
      throw new IllegalArgumentException("count " + count + " of a pretoken; it must be 1 or more");
    }
    int length = (to - from) / symbolBytes;
    // Bounds every sum that is made later: of bytes and of pairs.
    mass = Math.addExact(mass, Math.multiplyExact(count, (long) length));
    for (int i = from; i < to && symbolBytes == 1; i++) {
      bytesSeen[bytes[i] & 0xFF] += count;
    }
    if (length < 2 || count < minimumCount) {
      return;
    }
    words.add(count, bytes, from, length);
    if (count < COMMON) {
      common[(int) count] += length + 1;
    } else {
      high.computeIfAbsent(count, c -> new int[1])[0] += length + 1;
    }
    for (int at = from; at < to && symbolBytes > 1; at += symbolBytes) {
      wide |= symbol(bytes, at) >= PretokenSymbols.NARROW_IDS;
    }
  }

  private PretokenSymbols layOut() {
    int distinct = high.size();
    for (int size : common) {
      distinct += size == 0 ? 0 : 1;
    }
    int[] runs = new int[distinct + 1];
    long[] counts = new long[distinct];
    int run = 0;
    int at = 1;
    for (Map.Entry<Long, int[]> entry : high.entrySet()) {
      counts[run] = entry.getKey();
      runs[run++] = at;
      at = startAt(at, entry.getValue(), 0);
    }
    for (int count = COMMON - 1; count > 0; count--) {
      if (common[count] > 0) {
        counts[run] = count;
        runs[run++] = at;
        at = startAt(at, common, count);
      }
    }
    runs[run] = at;
    char[] laidOut = new char[at];
    byte[] upper = new byte[wide ? at : 0];
    end(laidOut, upper, 0);
    words.drain((count, bytes, from, length) -> place(count, bytes, from, length, laidOut, upper));
    return new PretokenSymbols(laidOut, upper, runs, counts, bytesSeen);
  }

  /** Replaces the size of a run by its start and returns where it ends. */
  private static int startAt(int start, int[] sizes, int i) {
    int end = start + sizes[i];
    sizes[i] = start;
    return end;
  }

  private void end(char[] laidOut, byte[] upper, int place) {
    laidOut[place] = PretokenSymbols.NARROW_END;
    if (wide) {
      upper[place] = (byte) 0xFF;
    }
  }

  private int symbol(byte[] bytes, int at) {
    int symbol = 0;
    for (int i = 0; i < symbolBytes; i++) {
      symbol = symbol << 8 | bytes[at + i] & 0xFF;
    }
    return symbol;
  }

  private void place(long count, byte[] word, int from, int length, char[] laidOut, byte[] upper) {
    int[] cursors = count < COMMON ? common : Objects.requireNonNull(high.get(count));
    int cursor = count < COMMON ? (int) count : 0;
    int to = cursors[cursor];
    if (symbolBytes == 1) {
      for (int i = 0; i < length; i++) {
        laidOut[to++] = (char) (word[from + i] & 0xFF);
      }
    } else {
      for (int i = 0; i < length; i++) {
        int id = symbol(word, from + i * symbolBytes);
        laidOut[to] = (char) id;
        if (wide) {
          upper[to] = (byte) (id >>> 16);
        }
        to++;
      }
    }
    end(laidOut, upper, to++);
    cursors[cursor] = to;
  }
}
