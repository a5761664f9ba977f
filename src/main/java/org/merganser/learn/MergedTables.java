package org.merganser.learn;

/** The merged tables of all partitions, in sequence, readable any number of times. */
@FunctionalInterface
public interface MergedTables {
  /** Visits the tuples in the same order each time. */
  void forEachTuple(PackedTuples.Visitor visitor);
}
