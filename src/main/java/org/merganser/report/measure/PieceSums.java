package org.merganser.report.measure;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the vocabulary of one way of cutting needs, of a part of its pieces (by hash) or of all.
 *
 * @param distinct pieces of both parts: the vocabulary that covers all
 * @param trained distinct pieces of the training part
 * @param rare those of them that occur there fewer than {@link #RARE} times
 * @param trainingTokens pieces of the training part, each occurrence
 * @param validationTokens pieces of the validation part
 * @param unknownTokens those of them that the training part doesn't have
 * @param byCount how many pieces of the training part occur how often
 */
public record PieceSums(
    long distinct,
    long trained,
    long rare,
    long trainingTokens,
    long validationTokens,
    long unknownTokens,
    SortedMap<Long, Long> byCount) {
  /** Seen less often than this, a piece gives a model little to learn from. */
  public static final int RARE = 10;

  public static final PieceSums ZERO = new PieceSums(0, 0, 0, 0, 0, 0, new TreeMap<>());

  public PieceSums {
    byCount = Collections.unmodifiableSortedMap(new TreeMap<>(byCount));
  }

  /** The sums with those of other pieces. */
  PieceSums plus(PieceSums other) {
    SortedMap<Long, Long> counts = new TreeMap<>(byCount);
    other.byCount.forEach((count, pieces) -> counts.merge(count, pieces, Math::addExact));
    return new PieceSums(
        Math.addExact(distinct, other.distinct),
        Math.addExact(trained, other.trained),
        Math.addExact(rare, other.rare),
        Math.addExact(trainingTokens, other.trainingTokens),
        Math.addExact(validationTokens, other.validationTokens),
        Math.addExact(unknownTokens, other.unknownTokens),
        counts);
  }

  /** The sums of two, kind by kind. */
  static Map<Granularity, PieceSums> plus(
      Map<Granularity, PieceSums> some, Map<Granularity, PieceSums> others) {
    Map<Granularity, PieceSums> sums = new EnumMap<>(Granularity.class);
    sums.putAll(some);
    others.forEach((kind, more) -> sums.merge(kind, more, PieceSums::plus));
    return sums;
  }

  /** The least vocabulary, most frequent pieces first, that covers a share of the training part. */
  public long covering(double share) {
    long wanted = (long) Math.ceil(share * trainingTokens);
    long covered = 0;
    long pieces = 0;
    TreeMap<Long, Long> sorted = new TreeMap<>(byCount);
    for (Map.Entry<Long, Long> each : sorted.descendingMap().entrySet()) {
      long left = wanted - covered;
      if (left <= 0) {
        break;
      }
      long needed = Math.min(each.getValue(), (left + each.getKey() - 1) / each.getKey());
      pieces += needed;
      covered += needed * each.getKey();
    }
    return pieces;
  }
}
