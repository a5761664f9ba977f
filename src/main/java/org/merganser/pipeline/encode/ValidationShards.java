package org.merganser.pipeline.encode;

import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;

/** The sets that have shards whose documents are kept from training. */
public final class ValidationShards {
  private ValidationShards() {}

  public static Broadcast<List<ShardSet>> toWorkers(PCollection<ShardSet> shards) {
    return Broadcast.all(
        "ValidationToWorkers",
        shards.apply("ValidationShards", Filter.by(set -> !set.validation().shards().isEmpty())));
  }

  /** Only the shards that are kept from training, by unit. */
  public static List<ShardSet> sorted(List<ShardSet> sets) {
    return sets.stream()
        .map(ShardSet::validation)
        .sorted(Comparator.comparingInt(ShardSet::unit))
        .toList();
  }
}
