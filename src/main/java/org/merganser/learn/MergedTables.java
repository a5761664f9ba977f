package org.merganser.learn;

import java.util.function.Consumer;

/** The merged tables of all partitions, read one after another, as often as they are asked for. */
@FunctionalInterface
public interface MergedTables {
  /** Calls {@code partition} with each partition, which hands its entries to a visitor. */
  void forEach(Consumer<Consumer<PackedTuples.Visitor>> partition);

  /** Visits the entries of all partitions, in the same order each time. */
  default void forEachTuple(PackedTuples.Visitor visitor) {
    forEach(partition -> partition.accept(visitor));
  }
}
