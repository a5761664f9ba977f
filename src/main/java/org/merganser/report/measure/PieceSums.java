package org.merganser.report.measure;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the vocabulary of one way of cutting needs.
 *
 * @param distinct pieces of both parts: the vocabulary that covers all
 * @param trainingTokens pieces of the training part, each occurrence
 * @param validationTokens pieces of the validation part
 * @param unknownTokens those of them that the training part doesn't have
 * @param byCount how many pieces of the training part occur how often
 */
public record PieceSums(
    long distinct,
    long trainingTokens,
    long validationTokens,
    long unknownTokens,
    NavigableMap<Long, Long> byCount) {
  /** Seen less often than this, a piece gives a model little to learn from. */
  public static final int RARE = 10;

  public static final PieceSums ZERO = new PieceSums(0, 0, 0, 0, new TreeMap<>());

  public PieceSums {
    byCount = Collections.unmodifiableNavigableMap(new TreeMap<>(byCount));
  }

  /** Distinct pieces of the training part. */
  public long trained() {
    return sum(byCount);
  }

  /** Those of them that occur there fewer than {@link #RARE} times. */
  public long rare() {
    return sum(byCount.headMap((long) RARE));
  }

  private static long sum(Map<Long, Long> byCount) {
    return byCount.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The least vocabulary, most frequent pieces first, that covers a share of the training part. */
  public long covering(double share) {
    long wanted = (long) Math.ceil(share * trainingTokens);
    long covered = 0;
    long pieces = 0;
    for (Map.Entry<Long, Long> each : byCount.descendingMap().entrySet()) {
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
