package org.merganser.learn.tuple;

import java.util.function.ObjLongConsumer;

/** Counted tuples that can be read any number of times, such as the combined tables of a run. */
@FunctionalInterface
public interface TupleSource {
  /**
   * Visits the tuples in the same order each time.
   *
   * @param visitor receives a tuple, which the next one overwrites, and its count
   */
  void forEachTuple(ObjLongConsumer<int[]> visitor);
}
