package org.merganser.pipeline;

import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/** The sets that have shards whose documents are kept from training, as a side input. */
final class ValidationShards
    extends PTransform<PCollection<ShardSet>, PCollectionView<List<ShardSet>>> {
  private ValidationShards() {}

  static ValidationShards toOneWorker() {
    return new ValidationShards();
  }

  @Override
  public PCollectionView<List<ShardSet>> expand(PCollection<ShardSet> shards) {
    return shards
        .apply("KeptFromTraining", Filter.by(set -> !set.validation().shards().isEmpty()))
        .apply("ToOneWorker", View.asList());
  }

  /** Only the shards that are kept from training, by unit. */
  static List<ShardSet> sorted(List<ShardSet> sets) {
    return sets.stream()
        .map(ShardSet::validation)
        .sorted(Comparator.comparingInt(ShardSet::unit))
        .toList();
  }
}
