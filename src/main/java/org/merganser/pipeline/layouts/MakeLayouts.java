package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
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
    LayoutPlan plan = LayoutPlan.of(spec);
    PCollection<ShardSet> shards =
        all.apply("TakeSide", ParDo.of(new TakeSideFn(spec, side)))
            .setCoder(SerializableCoder.of(ShardSet.class));
    if (!plan.arranges()) {
      return convert(shards);
    }
    PCollectionList<String> receipts = PCollectionList.empty(all.getPipeline());
    PCollection<ShardSet> arranged = shards;
    if (plan.shuffles()) {
      PCollection<String> setAside = setAside(arranged);
      arranged = shuffle(setAside);
      receipts = receipts.and(receipts("ShuffledReceipts", arranged));
      if (plan.shufflesSequences()) {
        receipts = receipts.and(figures(setAside));
      }
    }
    if (plan.packs() && !plan.shufflesSequences()) {
      arranged = pack(arranged);
      PCollection<String> packed = receipts("PackedReceipts", arranged);
      receipts = receipts.and(packed).and(figures(packed));
    }
    return receipts.and(convert(arranged)).apply("LayoutReceipts", Flatten.pCollections());
  }

  private static PCollection<String> receipts(String name, PCollection<ShardSet> sets) {
    return sets.apply(name, MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
  }

  private PCollection<ShardSet> pack(PCollection<ShardSet> shards) {
    return step(
        "PackShards",
        shards,
        Stage.PACK,
        UnitPacker::new,
        (packer, set) -> List.of(packer.pack(set)),
        SerializableCoder.of(ShardSet.class));
  }

  /** Publishes what packing made of the ids, from the receipts of what packed them. */
  private PCollection<String> figures(PCollection<String> packed) {
    return step(
        "SumPacking",
        packed.apply("AllPacked", new ToOneWorker()),
        Stage.PACK,
        (run, of, ref) -> new PackedUnits(run, of),
        PackedUnits::sum,
        StringUtf8Coder.of());
  }

  private PCollection<String> setAside(PCollection<ShardSet> shards) {
    return step(
        "SetAside",
        shards,
        Stage.SHUFFLE,
        UnitShuffler::new,
        (shuffler, set) -> List.of(shuffler.setAside(set)),
        StringUtf8Coder.of());
  }

  private PCollection<ShardSet> shuffle(PCollection<String> setAside) {
    PCollection<UnitShuffler.Range> ranges =
        step(
            "CutRanges",
            setAside.apply("AllSetAside", new ToOneWorker()),
            Stage.SHUFFLE,
            UnitShuffler::new,
            UnitShuffler::ranges,
            SerializableCoder.of(UnitShuffler.Range.class));
    return step(
        "WriteRange",
        RunnerGraph.of(setAside.getPipeline()).spread("SpreadRanges", ranges),
        Stage.SHUFFLE,
        UnitShuffler::new,
        (shuffler, range) -> List.of(shuffler.write(range)),
        SerializableCoder.of(ShardSet.class));
  }

  private PCollection<String> convert(PCollection<ShardSet> shards) {
    return described(LayoutPlan.of(spec).merges() ? merge(shards) : convertEach(shards));
  }

  private PCollection<String> convertEach(PCollection<ShardSet> shards) {
    return step(
        "ConvertShards",
        shards,
        Stage.CONVERT,
        UnitConverter::new,
        UnitConverter::convert,
        StringUtf8Coder.of());
  }

  private PCollection<String> merge(PCollection<ShardSet> shards) {
    PCollection<String> sizes =
        step(
            "SizeShards",
            shards,
            Stage.CONVERT,
            ShardMerger::new,
            ShardMerger::sizes,
            StringUtf8Coder.of());
    PCollection<ShardMerger.Range> ranges =
        step(
            "CutFiles",
            sizes.apply("AllSized", new ToOneWorker()),
            Stage.CONVERT,
            ShardMerger::new,
            ShardMerger::ranges,
            SerializableCoder.of(ShardMerger.Range.class));
    return step(
        "MergeShards",
        RunnerGraph.of(shards.getPipeline()).spread("SpreadFiles", ranges),
        Stage.CONVERT,
        ShardMerger::new,
        (merger, range) -> List.of(merger.merge(range)),
        StringUtf8Coder.of());
  }

  private PCollection<String> described(PCollection<String> converted) {
    LayoutPlan plan = LayoutPlan.of(spec);
    if (plan.formats().stream().noneMatch(format -> plan.layout(format).describesFolder())) {
      return converted;
    }
    PCollection<String> described =
        step(
            "DescribeFolders",
            converted.apply("AllConverted", new ToOneWorker()),
            Stage.CONVERT,
            FolderDescriber::new,
            FolderDescriber::describe,
            StringUtf8Coder.of());
    return PCollectionList.of(converted)
        .and(described)
        .apply("ConvertedAndDescribed", Flatten.pCollections());
  }

  /** Makes what works on the shards of a side. */
  private interface Maker<L> extends Serializable {
    L make(RunSpec spec, SplitSide side, FileRef tokenizer) throws IOException;
  }

  /** A step on this side's shards, whose work on an element gives any number of elements. */
  private <L, I, O> PCollection<O> step(
      String name,
      PCollection<I> input,
      Stage stage,
      Maker<L> maker,
      StepFn.Work<L, I, List<O>> work,
      Coder<O> coder) {
    SplitSide of = side; // the step holds these, not this transform
    Broadcast<FileRef> ref = tokenizer;
    return input
        .apply(
            name,
            StepFn.many(
                spec,
                stage,
                (run, context) -> maker.make(run, of, ref.get(context)),
                (L logic, I element, Consumer<O> out) -> work.apply(logic, element).forEach(out),
                ref))
        .setCoder(coder);
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
        List<ShardSet> byGroup = new ShardSet(set.unit(), shards, "").byGroup();
        SetStages.moreSets(spec, side, byGroup.size() - 1);
        byGroup.forEach(out::output);
      }
    }
  }
}
