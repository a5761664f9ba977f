package org.merganser.learn;

/** The merged tables of all partitions, read one after another, any number of times. */
@FunctionalInterface
public interface MergedTables {
  /** Visits the entries of all partitions, in the same order each time. */
  void forEachTuple(PackedTuples.Visitor visitor);
}
