package org.merganser.learn.tuple;

import java.util.function.ObjLongConsumer;

/** The merged tables of all partitions, in sequence, readable any number of times. */
@FunctionalInterface
public interface MergedTables {
  /**
   * Visits the tuples in the same order each time.
   *
   * @param visitor receives a tuple, which the next one overwrites, and its count
   */
  void forEachTuple(ObjLongConsumer<int[]> visitor);
}
