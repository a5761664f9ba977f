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
 * Reads counts and lays the {@link PretokenSymbols} out by count: words are collected in order of
 * arrival in {@link WordChunks}, then laid out by run, a run for each count.
 */
public final class PretokenSymbolLoader {
  /** The runs of counts below this are in an array, those of greater ones in a map. */
  private static final int ARRAY_COUNTS = 1 << 16;

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
  private long keptWords;

  /** The occurrences of the {@link #keptWords}. */
  private long keptOccurrences;

  /** By run, the count of a word. */
  private final List<Long> counts = new ArrayList<>();

  /** By count below {@link #ARRAY_COUNTS}, its run plus 1; 0 for none. */
  private final int[] runsOfSmallCounts = new int[ARRAY_COUNTS];

  /** By greater count, its run. */
  private final Map<Long, Integer> runsOfGreatCounts = new HashMap<>();

  /**
   * The words, laid out by count.
   *
   * @param kept what was kept and left out of the counts
   */
  public record Loaded(PretokenSymbols words, KeptCounts kept) {}

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
   * @param vocabSize of the training, for the estimate of its memory
   * @param symbolBytes bytes of a symbol, the highest first: 1 for text, more for words of ids,
   *     each of which takes one cell
   * @throws TrainingBound.ExceededException if the words do not fit the bound
   * @throws IllegalArgumentException for a count below 1
   * @throws ArithmeticException if the corpus has more bytes than a long counts
   * @throws IllegalStateException if the source differs between the readings, or the words do not
   *     fit one array
   */
  public static Loaded load(
      BpeTrainer.CountSource source, TrainingBound bound, int vocabSize, int symbolBytes) {
    CountHistogram histogram = new CountHistogram(bound.minimumCount());
    source.forEach(histogram);
    KeptCounts expected = histogram.requireFit(bound, vocabSize);
    PretokenSymbolLoader loader = new PretokenSymbolLoader(expected.minimumCount(), symbolBytes);
    source.forEach(loader::add);
    loader.requireSame(expected);
    return new Loaded(loader.layOut(), expected);
  }

  /**
   * Checks that the second reading found what the first one did.
   *
   * @throws IllegalStateException if it did not
   */
  private void requireSame(KeptCounts expected) {
    if (keptWords != expected.keptDistinct() || keptOccurrences != expected.keptMass()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the counts differ between two passes: %d pretokens that occur %d times, then %d and"
                  + " %d",
              expected.keptDistinct(),
              expected.keptMass(),
              keptWords,
              keptOccurrences));
    }
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
    keptWords++;
    keptOccurrences += count;
    if (length >= 2) {
      words.add(runOf(count), bytes, from, length);
    }
  }

  /** The run of the words of a count. */
  private int runOf(long count) {
    if (count >= ARRAY_COUNTS) {
      return runsOfGreatCounts.computeIfAbsent(count, this::newRun);
    }
    if (runsOfSmallCounts[(int) count] == 0) {
      runsOfSmallCounts[(int) count] = newRun(count) + 1;
    }
    return runsOfSmallCounts[(int) count] - 1;
  }

  /** Adds a run for the words of a count; returns its number. */
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
