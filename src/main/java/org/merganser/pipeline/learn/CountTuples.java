package org.merganser.pipeline.learn;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.RunFiles;
import org.merganser.pipeline.step.RunFilesFn;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
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
    return shards
        .apply(
            "CountUnit",
            ParDo.of(new CountFn(files, counting)).withSideInputs(counting.sideInputs()))
        .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()))
        .apply("GroupByPartition", GroupByKey.create())
        .apply(
            "MergePartition",
            ParDo.of(new MergeFn(files, counting)).withSideInputs(counting.sideInputs()))
        .setCoder(StringUtf8Coder.of())
        .apply("AllPartitions", new ToOneWorker());
  }

  private static final class CountFn extends RunFilesFn<ShardSet, KV<Integer, String>> {
    private final OutputLayout layout;
    private final Counting counting;

    CountFn(RunFiles files, Counting counting) {
      super(files);
      this.layout = files.layout();
      this.counting = counting;
    }

    @ProcessElement
    public void count(
        @Element ShardSet shards, OutputReceiver<KV<Integer, String>> out, ProcessContext context)
        throws IOException {
      StageMeter.Work busy = StageMeter.of(layout, counting.stage()).begin();
      try {
        counting
            .tables(context)
            .count(shards, (partition, place) -> out.output(KV.of(partition, place.toString())));
      } finally {
        busy.close();
      }
    }
  }

  private static final class MergeFn extends RunFilesFn<KV<Integer, Iterable<String>>, String> {
    private final OutputLayout layout;
    private final Counting counting;

    MergeFn(RunFiles files, Counting counting) {
      super(files);
      this.layout = files.layout();
      this.counting = counting;
    }

    @ProcessElement
    public void merge(
        @Element KV<Integer, Iterable<String>> partition,
        OutputReceiver<String> out,
        ProcessContext context)
        throws IOException {
      StageMeter.Work busy = StageMeter.of(layout, counting.stage()).begin();
      try {
        out.output(counting.tables(context).merge(partition.getKey(), partition.getValue()));
      } finally {
        busy.close();
      }
    }
  }
}
