package org.merganser.report.measure;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Values by hash in bounded memory: those of all hashes, or of one hash in two, four, eight …, as
 * many as fit.
 *
 * <p>Samples of parts can be joined by {@link #limit} and {@link #add}: the result depends neither
 * on the order nor on the division into parts. The share becomes the largest one with which all
 * hashes fit. If a part does not fit with some share, neither do all parts together, so each part
 * has every hash of the final share.
 *
 * @param <T> the values, immutable
 */
final class HashSample<T> {
  /** The number of hashes that fit. */
  private final int most;

  private final BinaryOperator<T> join;
  private final SortedMap<Long, T> values = new TreeMap<>();

  /** The share of hashes that is kept. */
  private TextSample share;

  /**
   * @param share of the hashes at most
   * @param most the number of hashes that fit
   * @param join of two values of one hash
   */
  HashSample(TextSample share, int most, BinaryOperator<T> join) {
    this.share = share;
    this.most = most;
    this.join = join;
  }

  /** Whether the hash is in the share that is kept so far, with or without a value. */
  boolean has(long hash) {
    return share.has(hash);
  }

  /**
   * Adds a value, or joins it with the one of an equal hash, if the hash is in the sample. If the
   * hashes no longer fit, the share is halved.
   */
  void add(long hash, T value) {
    if (has(hash)) {
      values.merge(hash, value, join);
      while (values.size() > most) {
        limit(new TextSample(share.halvings() + 1));
      }
    }
  }

  /** Keeps only the hashes of a share; has no effect unless it is smaller than the present one. */
  void limit(TextSample smaller) {
    if (smaller.halvings() > share.halvings()) {
      share = smaller;
      values.keySet().removeIf(hash -> !smaller.has(hash));
    }
  }

  /** The share of hashes that is kept. */
  TextSample share() {
    return share;
  }

  /** The values by hash. */
  SortedMap<Long, T> values() {
    return values;
  }
}
