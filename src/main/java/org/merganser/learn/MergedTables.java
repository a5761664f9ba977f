package org.merganser.learn;

/** The merged tables of all partitions, in sequence, readable any number of times. */
@FunctionalInterface
public interface MergedTables {
  @FunctionalInterface
  interface Visitor {
    /**
     * @param tuple overwritten by the next entry
     */
    void visit(int[] tuple, long count);
  }

  /** Visits the tuples in the same order each time. */
  void forEachTuple(Visitor visitor);
}
