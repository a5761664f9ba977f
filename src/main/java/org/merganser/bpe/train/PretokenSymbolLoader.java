package org.merganser.bpe.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.merganser.bpe.Varints;

/**
 * Reads counts and lays the {@link PretokenSymbols} out by count: once as they come into chunks,
 * {@code count length bytes} each, and from there each to the end of its run so far.
 */
final class PretokenSymbolLoader {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_CELLS = Integer.MAX_VALUE - 16;

  /** Counts from here on, which few words have, are looked up in a map. */
  private static final int COMMON = 1 << 16;

  /** Bytes of the longest count and length. */
  private static final int FRAME = 10 + 5;

  private final long minimumCount;

  /** Bytes of a symbol: 1, or {@link WordRuns#ID_BYTES} where symbols are ids. */
  private final int symbolBytes;

  private final long[] bytesSeen = new long[256];
  private final List<byte[]> full = new ArrayList<>();
  private byte[] chunk = new byte[CHUNK];
  private int used;
  private long mass;

  /** Cells by count: at first how many, then where the next word goes. */
  private final int[] common = new int[COMMON];

  private final Map<Long, int[]> high = new TreeMap<>(Comparator.reverseOrder());
  private long cells = 1;

  /** Whether an id needs more than 16 bits. */
  private boolean wide;

  private PretokenSymbolLoader(long minimumCount, int symbolBytes) {
    this.minimumCount = minimumCount;
    this.symbolBytes = symbolBytes;
  }

  /**
   * Reads all counts, bytes as symbols. Words of a single byte are counted in {@link
   * PretokenSymbols#bytesSeen} and left out: nothing can be merged in them.
   *
   * @param minimumCount rarer words are left out too
   * @throws ArithmeticException when the corpus has more bytes than a long counts
   * @throws IllegalStateException when the words don't fit one array
   */
  static PretokenSymbols load(BpeTrainer.CountSource source, long minimumCount) {
    PretokenSymbolLoader loader = new PretokenSymbolLoader(minimumCount, 1);
    source.forEach(loader::add);
    return loader.layOut();
  }

  /** As {@link #load}, of runs of ids ({@link WordRuns}): a symbol of a run takes one cell. */
  static PretokenSymbols loadRuns(BpeTrainer.CountSource source, long minimumCount) {
    PretokenSymbolLoader loader = new PretokenSymbolLoader(minimumCount, WordRuns.ID_BYTES);
    source.forEach(loader::add);
    return loader.layOut();
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
    cells += length + 1;
    if (cells > MAX_CELLS) {
      throw new IllegalStateException(
          "the distinct pretokens take more than the "
              + MAX_CELLS
              + " cells that fit; raise the minimum count of a pretoken");
    }
    if (count < COMMON) {
      common[(int) count] += length + 1;
    } else {
      high.computeIfAbsent(count, c -> new int[1])[0] += length + 1;
    }
    int size = to - from;
    if (used + size + FRAME > chunk.length) {
      full.add(Arrays.copyOf(chunk, used));
      used = 0;
      if (chunk.length < size + FRAME || chunk.length > CHUNK) {
        chunk = new byte[Math.max(CHUNK, size + FRAME)];
      }
    }
    used = Varints.write(chunk, used, count);
    used = Varints.write(chunk, used, length);
    System.arraycopy(bytes, from, chunk, used, size);
    used += size;
    for (int at = from; at < to && symbolBytes > 1; at += symbolBytes) {
      wide |= WordRuns.id(bytes, at) >= PretokenSymbols.NARROW_IDS;
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
    full.add(Arrays.copyOf(chunk, used));
    for (int i = 0; i < full.size(); i++) {
      place(full.set(i, new byte[0]), laidOut, upper);
    }
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

  private void place(byte[] words, char[] laidOut, byte[] upper) {
    int at = 0;
    while (at < words.length) {
      long count = Varints.read(words, at);
      at += Varints.length(count);
      int length = (int) Varints.read(words, at);
      at += Varints.length(length);
      int[] cursors = count < COMMON ? common : Objects.requireNonNull(high.get(count));
      int cursor = count < COMMON ? (int) count : 0;
      int to = cursors[cursor];
      for (int i = 0; i < length && symbolBytes == 1; i++) {
        laidOut[to++] = (char) (words[at++] & 0xFF);
      }
      for (int i = 0; i < length && symbolBytes > 1; i++) {
        int id = WordRuns.id(words, at);
        at += symbolBytes;
        laidOut[to] = (char) id;
        if (wide) {
          upper[to] = (byte) (id >>> 16);
        }
        to++;
      }
      end(laidOut, upper, to++);
      cursors[cursor] = to;
    }
  }
}
