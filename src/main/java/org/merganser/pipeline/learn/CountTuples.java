package org.merganser.pipeline.learn;

import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.FilesFn;
import org.merganser.pipeline.step.RunFiles;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.ToOneWorker;

/**
 * Counts tuples of the ids of shards, as pretokens are counted: each unit into partial tables by
 * hash partition, a grouping merges a partition. Hands on the sorted locations of merged tables.
 */
final class CountTuples extends PTransform<PCollection<ShardSet>, PCollection<List<String>>> {
  /** What is counted. */
  interface Counting extends Serializable {
    List<PCollectionView<?>> sideInputs();

    /** The stage whose work it is. */
    Stage stage();

    TupleTables tables(DoFn<?, ?>.ProcessContext context);
  }

  private final RunFiles files;
  private final Counting counting;

  CountTuples(RunFiles files, Counting counting) {
    this.files = files;
    this.counting = counting;
  }

  @Override
  public PCollection<List<String>> expand(PCollection<ShardSet> shards) {
    Counting of = counting; // the steps hold this, not this transform
    return shards
        .apply(
            "CountUnit",
            FilesFn.<ShardSet, KV<Integer, String>>of(
                    files,
                    of.stage(),
                    (unit, context, out) ->
                        of.tables(context)
                            .count(
                                unit,
                                (partition, place) ->
                                    out.accept(KV.of(partition, place.toString()))))
                .withSideInputs(of.sideInputs()))
        .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()))
        .apply("GroupByPartition", GroupByKey.create())
        .apply(
            "MergePartition",
            FilesFn.<KV<Integer, Iterable<String>>, String>of(
                    files,
                    of.stage(),
                    (partition, context, out) ->
                        out.accept(
                            of.tables(context).merge(partition.getKey(), partition.getValue())))
                .withSideInputs(of.sideInputs()))
        .setCoder(StringUtf8Coder.of())
        .apply("AllPartitions", new ToOneWorker());
  }
}
