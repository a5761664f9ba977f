package org.merganser.learn.vector;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.IntStream;
import org.merganser.output.figures.IdHistogram;
import org.merganser.store.UnusableFileException;

/**
 * The ids that serve as contexts of other ids, which are the columns of the matrix that {@link
 * Ppmi} computes: the most frequent ones, numbered by frequency, ties by id. Rarer ids have too few
 * neighbors for a column of their own.
 */
public final class IdContexts {
  /** The contexts by index. */
  private final int[] ids;

  /** By id, its index among the contexts; -1 for an id that is none. */
  private final int[] indexes;

  /**
   * @param counts the occurrences of each id
   * @param idBound one more than the largest id of the tokenizer
   * @param most the maximum number of contexts
   * @param leftOut ids that are not contexts
   */
  public IdContexts(IdHistogram counts, int idBound, int most, Set<Integer> leftOut) {
    if (counts.bound() > idBound) {
      throw new UnusableFileException(
          "id " + (counts.bound() - 1) + " is not of a tokenizer of " + idBound + " ids");
    }
    this.ids = mostFrequent(counts, idBound, most, leftOut);
    this.indexes = new int[idBound];
    Arrays.fill(indexes, -1);
    for (int i = 0; i < ids.length; i++) {
      indexes[ids[i]] = i;
    }
  }

  /** The ids that occur, {@code most} at most, the most frequent first, ties by id. */
  static int[] mostFrequent(IdHistogram counts, int idBound, int most, Set<Integer> leftOut) {
    return IntStream.range(0, idBound)
        .filter(id -> counts.count(id) > 0 && !leftOut.contains(id))
        .boxed()
        .sorted(Comparator.comparingLong((Integer id) -> -counts.count(id))) // and then by id
        .limit(most)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** One more than the largest id of the tokenizer. */
  int idBound() {
    return indexes.length;
  }

  /** The number of contexts. */
  public int size() {
    return ids.length;
  }

  /** The index of an id among the contexts, or -1. */
  int index(int id) {
    return indexes[id];
  }
}
