package org.merganser.bpe.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.merganser.bpe.count.WordChunks;

/**
 * Reads counts and lays the {@link PretokenSymbols} out by count: first in order of arrival in
 * {@link WordChunks}, then by run.
 */
public final class PretokenSymbolLoader {
  /** Counts below this find their run in an array. */
  private static final int COMMON = 1 << 16;

  /** Rarer words are left out. */
  private final long minimumCount;

  /** Bytes of a symbol: 1, or more if symbols are ids. */
  private final int symbolBytes;

  /** By byte, its occurrences. */
  private final long[] bytesSeen = new long[256];

  /** The words; those of one count are a run. */
  private final WordChunks words;

  /** The symbols of all words together, a checked sum. */
  private long allSymbols;

  /** The distinct words that reach the minimum count. */
  private long kept;

  /** Their occurrences. */
  private long keptMass;

  /** By run, the count of a word. */
  private final List<Long> counts = new ArrayList<>();

  /** By count below {@link #COMMON}, its run plus 1; 0 for none. */
  private final int[] commonRuns = new int[COMMON];

  /** By other count, its run. */
  private final Map<Long, Integer> rareRuns = new HashMap<>();

  /** Words, and what a bound left out of them. */
  public record Bounded(PretokenSymbols words, TrainingBound.Cut cut) {}

  private PretokenSymbolLoader(long minimumCount, int symbolBytes) {
    this.minimumCount = minimumCount;
    this.symbolBytes = symbolBytes;
    this.words = new WordChunks(symbolBytes);
  }

  /**
   * Reads all counts within a bound. Words of a single symbol count in {@link
   * PretokenSymbols#bytesSeen} but are left out, since nothing merges in them.
   *
   * @param source is read twice and must be the same both times
   * @param symbolBytes bytes of a symbol, the highest first: 1 for text, more for words of ids,
   *     each of which takes one cell
   * @throws TrainingBound.ExceededException if the words do not fit the bound
   * @throws ArithmeticException if the corpus has more bytes than a long counts
   * @throws IllegalStateException if the source differs between the readings, or the words do not
   *     fit one array
   */
  public static Bounded load(
      BpeTrainer.CountSource source, TrainingBound bound, int vocabSize, int symbolBytes) {
    CountHistogram histogram = new CountHistogram(bound.minimumCount());
    source.forEach(histogram);
    TrainingBound.Cut cut = histogram.requireFit(bound, vocabSize);
    PretokenSymbolLoader loader = new PretokenSymbolLoader(cut.minimumCount(), symbolBytes);
    source.forEach(loader::add);
    if (loader.kept != cut.keptDistinct() || loader.keptMass != cut.keptMass()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the counts differ between two passes: %d pretokens that occur %d times, then %d and"
                  + " %d",
              cut.keptDistinct(),
              cut.keptMass(),
              loader.kept,
              loader.keptMass));
    }
    return new Bounded(loader.layOut(), cut);
  }

  /** Adds a word with its count. */
  private void add(byte[] bytes, int from, int to, long count) {
    if (count < 1) {
      throw new IllegalArgumentException("count " + count + " of a pretoken; it must be 1 or more");
    }
    int length = (to - from) / symbolBytes;
    // No later sum of bytes or of pairs exceeds this one.
    allSymbols = Math.addExact(allSymbols, Math.multiplyExact(count, (long) length));
    if (symbolBytes == 1) {
      for (int i = from; i < to; i++) {
        bytesSeen[bytes[i] & 0xFF] += count;
      }
    }
    if (count < minimumCount) {
      return;
    }
    kept++;
    keptMass += count;
    if (length >= 2) {
      words.add(runOf(count), bytes, from, length);
    }
  }

  /** The run of the words of a count. */
  private int runOf(long count) {
    if (count >= COMMON) {
      return rareRuns.computeIfAbsent(count, this::newRun);
    }
    if (commonRuns[(int) count] == 0) {
      commonRuns[(int) count] = newRun(count) + 1;
    }
    return commonRuns[(int) count] - 1;
  }

  private int newRun(long count) {
    counts.add(count);
    return counts.size() - 1;
  }

  /** The words by run, the most frequent first. */
  private PretokenSymbols layOut() {
    int[] order =
        IntStream.range(0, counts.size())
            .boxed()
            .sorted(Comparator.comparing((Integer run) -> counts.get(run)).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    long[] sorted = Arrays.stream(order).mapToLong(counts::get).toArray();
    return new PretokenSymbols(words.layOut(order), sorted, bytesSeen);
  }
}
