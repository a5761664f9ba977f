package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * Makes what training reads from the canonical shards, without the text: packed sequences, a global
 * shuffle, and the layouts of other tools. Hands on the locations of receipts.
 *
 * <pre>
 * shards ─▶ pack ─────────────────┐
 * shards ─▶ set aside ─▶ shuffle ─┼─▶ layouts
 * shards ─────────────────────────┘
 * </pre>
 */
final class MakeLayouts extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final PCollectionView<TokenizerRef> tokenizer;
  private final String family;

  private MakeLayouts(RunSpec spec, PCollectionView<TokenizerRef> tokenizer, String family) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.family = family;
  }

  /**
   * @param family of the shards: the folder that holds their Parquet form
   */
  static MakeLayouts of(RunSpec spec, PCollectionView<TokenizerRef> tokenizer, String family) {
    return new MakeLayouts(spec, tokenizer, family);
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    LayoutPlan plan = new LayoutPlan(spec.job());
    if (!plan.arranges()) {
      return convert(shards);
    }
    PCollection<ShardSet> arranged = plan.shuffles() ? shuffle(shards) : pack(shards);
    PCollection<String> receipts =
        arranged.apply(
            "ArrangedReceipts", MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
    return PCollectionList.of(receipts)
        .and(convert(arranged))
        .apply("LayoutReceipts", Flatten.pCollections());
  }

  private PCollection<ShardSet> pack(PCollection<ShardSet> shards) {
    return shards
        .apply("PackShards", ParDo.of(new PackFn(spec, tokenizer)).withSideInputs(tokenizer))
        .setCoder(SerializableCoder.of(ShardSet.class));
  }

  private PCollection<ShardSet> shuffle(PCollection<ShardSet> shards) {
    return shards
        .apply("SetAside", ParDo.of(new SetAsideFn(spec, tokenizer)).withSideInputs(tokenizer))
        .setCoder(StringUtf8Coder.of())
        .apply("AllSetAside", ToOneWorker.sorted())
        .apply(
            "CutRanges", ParDo.of(new RangesFn(spec, tokenizer, family)).withSideInputs(tokenizer))
        .setCoder(SerializableCoder.of(UnitShuffler.Range.class))
        .apply("SpreadRanges", Reshuffle.viaRandomKey())
        .apply("WriteRange", ParDo.of(new ShuffleFn(spec, tokenizer)).withSideInputs(tokenizer))
        .setCoder(SerializableCoder.of(ShardSet.class));
  }

  private PCollection<String> convert(PCollection<ShardSet> shards) {
    return shards
        .apply("ConvertShards", ParDo.of(new ConvertFn(spec, tokenizer)).withSideInputs(tokenizer))
        .setCoder(StringUtf8Coder.of());
  }

  private static final class PackFn extends DoFn<ShardSet, ShardSet> {
    private final RunSpec spec;
    private final PCollectionView<TokenizerRef> tokenizer;

    PackFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
      this.spec = spec;
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void pack(@Element ShardSet shards, OutputReceiver<ShardSet> out, ProcessContext context)
        throws IOException {
      out.output(new UnitPacker(spec, context.sideInput(tokenizer)).pack(shards));
    }
  }

  private static final class SetAsideFn extends DoFn<ShardSet, String> {
    private final RunSpec spec;
    private final PCollectionView<TokenizerRef> tokenizer;

    SetAsideFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
      this.spec = spec;
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void setAside(
        @Element ShardSet shards, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      out.output(new UnitShuffler(spec, context.sideInput(tokenizer)).setAside(shards));
    }
  }

  private static final class RangesFn extends DoFn<List<String>, UnitShuffler.Range> {
    private final RunSpec spec;
    private final PCollectionView<TokenizerRef> tokenizer;
    private final String family;

    RangesFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer, String family) {
      this.spec = spec;
      this.tokenizer = tokenizer;
      this.family = family;
    }

    @ProcessElement
    public void cut(
        @Element List<String> receipts,
        OutputReceiver<UnitShuffler.Range> out,
        ProcessContext context)
        throws IOException {
      new UnitShuffler(spec, context.sideInput(tokenizer))
          .ranges(family, receipts)
          .forEach(out::output);
    }
  }

  private static final class ShuffleFn extends DoFn<UnitShuffler.Range, ShardSet> {
    private final RunSpec spec;
    private final PCollectionView<TokenizerRef> tokenizer;

    ShuffleFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
      this.spec = spec;
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void shuffle(
        @Element UnitShuffler.Range range, OutputReceiver<ShardSet> out, ProcessContext context)
        throws IOException {
      out.output(new UnitShuffler(spec, context.sideInput(tokenizer)).write(range));
    }
  }

  private static final class ConvertFn extends DoFn<ShardSet, String> {
    private final RunSpec spec;
    private final PCollectionView<TokenizerRef> tokenizer;
    private transient @Nullable UnitConverter converter;

    ConvertFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
      this.spec = spec;
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void convert(
        @Element ShardSet shards, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      UnitConverter unitConverter = converter;
      if (unitConverter == null) {
        unitConverter = new UnitConverter(spec, context.sideInput(tokenizer));
        converter = unitConverter;
      }
      unitConverter.convert(shards).forEach(out::output);
    }
  }
}
