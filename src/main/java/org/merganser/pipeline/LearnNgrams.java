package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Learns an n-gram model from the canonical shards: each unit's ids are counted into partial
 * tables, packed and keyed by hash partition; a grouping merges the tables of a partition; one
 * worker estimates the model from the merged tables. Hands on the location of its receipt.
 */
final class LearnNgrams extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final PCollectionView<TokenizerRef> tokenizer;

  private LearnNgrams(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  static LearnNgrams of(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
    return new LearnNgrams(spec, tokenizer);
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    PCollectionView<List<ShardSet>> validation =
        shards
            .apply("KeptFromTraining", Filter.by(set -> !set.validation().shards().isEmpty()))
            .apply("ValidationToOneWorker", View.asList());
    return shards
        .apply("CountNgrams", ParDo.of(new CountFn(spec, tokenizer)).withSideInputs(tokenizer))
        .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
        .apply("GroupByPartition", GroupByKey.create())
        .apply("MergeNgrams", ParDo.of(new MergeFn(spec, tokenizer)).withSideInputs(tokenizer))
        .setCoder(StringUtf8Coder.of())
        .apply("AllPartitions", ToOneWorker.sorted())
        .apply(
            "EstimateNgrams",
            ParDo.of(new EstimateFn(spec, tokenizer, validation))
                .withSideInputs(tokenizer, validation))
        .setCoder(StringUtf8Coder.of());
  }

  private static final class CountFn extends RunFn<ShardSet, KV<Integer, byte[]>> {
    private final PCollectionView<TokenizerRef> tokenizer;

    CountFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
      super(spec);
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void count(
        @Element ShardSet shards, OutputReceiver<KV<Integer, byte[]>> out, ProcessContext context)
        throws IOException {
      new NgramTables(spec, context.sideInput(tokenizer))
          .count(shards, (partition, block) -> out.output(KV.of(partition, block)));
    }
  }

  private static final class MergeFn extends RunFn<KV<Integer, Iterable<byte[]>>, String> {
    private final PCollectionView<TokenizerRef> tokenizer;

    MergeFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
      super(spec);
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void merge(
        @Element KV<Integer, Iterable<byte[]>> partition,
        OutputReceiver<String> out,
        ProcessContext context)
        throws IOException {
      List<byte[]> blocks = new ArrayList<>();
      partition.getValue().forEach(blocks::add);
      out.output(
          new NgramTables(spec, context.sideInput(tokenizer)).merge(partition.getKey(), blocks));
    }
  }

  private static final class EstimateFn extends RunFn<List<String>, String> {
    private final PCollectionView<TokenizerRef> tokenizer;
    private final PCollectionView<List<ShardSet>> validation;

    EstimateFn(
        RunSpec spec,
        PCollectionView<TokenizerRef> tokenizer,
        PCollectionView<List<ShardSet>> validation) {
      super(spec);
      this.tokenizer = tokenizer;
      this.validation = validation;
    }

    @ProcessElement
    public void estimate(
        @Element List<String> merged, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      out.output(
          new NgramPublication(spec, context.sideInput(tokenizer))
              .publish(merged, context.sideInput(validation)));
    }
  }
}
