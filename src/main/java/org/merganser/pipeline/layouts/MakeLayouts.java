package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.ToOneWorker;

/**
 * Makes what training reads from the canonical shards, without the text: packed sequences, a global
 * shuffle, and the layouts of other tools. Hands on the locations of receipts.
 *
 * <pre>
 * shards ─▶ (set aside ─▶ shuffle) ─▶ (pack) ─▶ layouts ─▶ files that describe their folders
 * </pre>
 *
 * <p>Where sequences are shuffled, documents are packed as they are set aside.
 */
public final class MakeLayouts extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;
  private final SplitSide side;

  /**
   * @param side whose shards are taken; the others are left alone
   */
  public MakeLayouts(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.side = side;
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> all) {
    LayoutPlan plan = new LayoutPlan(spec.job());
    PCollection<ShardSet> shards =
        all.apply("TakeSide", ParDo.of(new TakeSideFn(spec, side)))
            .setCoder(SerializableCoder.of(ShardSet.class));
    if (!plan.arranges()) {
      return convert(shards);
    }
    PCollectionList<String> receipts = PCollectionList.empty(all.getPipeline());
    PCollection<ShardSet> arranged = shards;
    if (plan.shuffles()) {
      arranged = shuffle(arranged);
      receipts = receipts.and(receipts("ShuffledReceipts", arranged));
    }
    if (plan.packs() && !plan.shufflesSequences()) {
      arranged = pack(arranged);
      receipts = receipts.and(receipts("PackedReceipts", arranged));
    }
    return receipts.and(convert(arranged)).apply("LayoutReceipts", Flatten.pCollections());
  }

  private static PCollection<String> receipts(String name, PCollection<ShardSet> sets) {
    return sets.apply(name, MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
  }

  private PCollection<ShardSet> pack(PCollection<ShardSet> shards) {
    return shards
        .apply(
            "PackShards",
            ParDo.of(new PackFn(spec, tokenizer, side)).withSideInputs(Broadcast.views(tokenizer)))
        .setCoder(SerializableCoder.of(ShardSet.class));
  }

  private PCollection<ShardSet> shuffle(PCollection<ShardSet> shards) {
    PCollection<UnitShuffler.Range> ranges =
        shards
            .apply(
                "SetAside",
                ParDo.of(new SetAsideFn(spec, tokenizer, side))
                    .withSideInputs(Broadcast.views(tokenizer)))
            .setCoder(StringUtf8Coder.of())
            .apply("AllSetAside", new ToOneWorker())
            .apply(
                "CutRanges",
                ParDo.of(new RangesFn(spec, tokenizer, side))
                    .withSideInputs(Broadcast.views(tokenizer)))
            .setCoder(SerializableCoder.of(UnitShuffler.Range.class));
    return RunnerGraph.of(shards.getPipeline())
        .spread("SpreadRanges", ranges)
        .apply(
            "WriteRange",
            ParDo.of(new ShuffleFn(spec, tokenizer, side))
                .withSideInputs(Broadcast.views(tokenizer)))
        .setCoder(SerializableCoder.of(ShardSet.class));
  }

  private PCollection<String> convert(PCollection<ShardSet> shards) {
    PCollection<String> converted =
        shards
            .apply(
                "ConvertShards",
                ParDo.of(new ConvertFn(spec, tokenizer, side))
                    .withSideInputs(Broadcast.views(tokenizer)))
            .setCoder(StringUtf8Coder.of());
    LayoutPlan plan = new LayoutPlan(spec.job());
    if (plan.formats().stream().noneMatch(format -> plan.layout(format).describesFolder())) {
      return converted;
    }
    PCollection<String> described =
        converted
            .apply("AllConverted", new ToOneWorker())
            .apply(
                "DescribeFolders",
                ParDo.of(new DescribeFn(spec, tokenizer, side))
                    .withSideInputs(Broadcast.views(tokenizer)))
            .setCoder(StringUtf8Coder.of());
    return PCollectionList.of(converted)
        .and(described)
        .apply("ConvertedAndDescribed", Flatten.pCollections());
  }

  private static final class TakeSideFn extends RunFn<ShardSet, ShardSet> {
    private final SplitSide side;

    TakeSideFn(RunSpec spec, SplitSide side) {
      super(spec);
      this.side = side;
    }

    @ProcessElement
    public void take(@Element ShardSet set, OutputReceiver<ShardSet> out) {
      List<ShardSet.Shard> shards = set.shards().stream().filter(side::has).toList();
      if (shards.isEmpty()) {
        SetStages.nothingIn(spec, side);
      } else {
        out.output(new ShardSet(set.unit(), shards, ""));
      }
    }
  }

  /** A step on one side's shards that needs the tokenizer. */
  private abstract static class SideFn<I, O> extends RunFn<I, O> {
    final Broadcast<FileRef> tokenizer;
    final SplitSide side;

    SideFn(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
      super(spec);
      this.tokenizer = tokenizer;
      this.side = side;
    }
  }

  private static final class PackFn extends SideFn<ShardSet, ShardSet> {
    PackFn(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
      super(spec, tokenizer, side);
    }

    @ProcessElement
    public void pack(@Element ShardSet shards, OutputReceiver<ShardSet> out, ProcessContext context)
        throws IOException {
      out.output(new UnitPacker(spec, side, tokenizer.get(context)).pack(shards));
    }
  }

  private static final class SetAsideFn extends SideFn<ShardSet, String> {
    SetAsideFn(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
      super(spec, tokenizer, side);
    }

    @ProcessElement
    public void setAside(
        @Element ShardSet shards, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      out.output(new UnitShuffler(spec, side, tokenizer.get(context)).setAside(shards));
    }
  }

  private static final class RangesFn extends SideFn<List<String>, UnitShuffler.Range> {
    RangesFn(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
      super(spec, tokenizer, side);
    }

    @ProcessElement
    public void cut(
        @Element List<String> receipts,
        OutputReceiver<UnitShuffler.Range> out,
        ProcessContext context)
        throws IOException {
      new UnitShuffler(spec, side, tokenizer.get(context)).ranges(receipts).forEach(out::output);
    }
  }

  private static final class ShuffleFn extends SideFn<UnitShuffler.Range, ShardSet> {
    ShuffleFn(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
      super(spec, tokenizer, side);
    }

    @ProcessElement
    public void shuffle(
        @Element UnitShuffler.Range range, OutputReceiver<ShardSet> out, ProcessContext context)
        throws IOException {
      out.output(new UnitShuffler(spec, side, tokenizer.get(context)).write(range));
    }
  }

  private static final class DescribeFn extends SideFn<List<String>, String> {
    DescribeFn(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
      super(spec, tokenizer, side);
    }

    @ProcessElement
    public void describe(
        @Element List<String> converted, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.CONVERT).begin()) {
        new FolderDescriber(spec, side, tokenizer.get(context))
            .describe(converted)
            .forEach(out::output);
        busy.meter().stepsDone(1);
      }
    }
  }

  private static final class ConvertFn extends SideFn<ShardSet, String> {
    private transient @Nullable UnitConverter converter;

    ConvertFn(RunSpec spec, Broadcast<FileRef> tokenizer, SplitSide side) {
      super(spec, tokenizer, side);
    }

    @ProcessElement
    public void convert(
        @Element ShardSet shards, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.CONVERT).begin();
      try {
        UnitConverter unitConverter = converter;
        if (unitConverter == null) {
          unitConverter = new UnitConverter(spec, side, tokenizer.get(context));
          converter = unitConverter;
        }
        unitConverter.convert(shards).forEach(out::output);
      } finally {
        busy.close();
      }
    }
  }
}
