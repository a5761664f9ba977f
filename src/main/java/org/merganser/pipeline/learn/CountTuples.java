package org.merganser.pipeline.learn;

import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

/**
 * Counts tuples of the ids of shards in the same way as pretokens: each unit is counted into
 * partial tables by hash partition, and a grouping merges each partition. The output is the sorted
 * locations of the merged tables.
 */
final class CountTuples {
  private CountTuples() {}

  static PTransform<PCollection<ShardSet>, PCollection<List<String>>> of(
      RunSpec spec, Stage stage, StepFn.Logic<TupleTables> tables, Broadcast<?>... values) {
    return PTransform.compose(
        (PCollection<ShardSet> shards) ->
            shards
                .apply(
                    "CountUnit",
                    StepFn.<TupleTables, ShardSet, KV<Integer, String>>many(
                        spec,
                        stage,
                        tables,
                        (made, unit, out) ->
                            made.count(
                                unit,
                                (partition, place) ->
                                    out.accept(KV.of(partition, place.toString()))),
                        values))
                .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()))
                .apply("GroupByPartition", GroupByKey.create())
                .apply(
                    "MergePartition",
                    StepFn.of(
                        spec,
                        stage,
                        tables,
                        (TupleTables made, KV<Integer, Iterable<String>> partition) ->
                            made.merge(partition.getKey(), partition.getValue()),
                        values))
                .setCoder(StringUtf8Coder.of())
                .apply("AllPartitions", new ToOneWorker()));
  }
}
