package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

/**
 * Writes the files for training from the canonical shards, without the text: packed sequences, a
 * global shuffle, and the layouts of other tools. Documents of different sides of the split, or of
 * groups with folders of their own, are never mixed. The output elements are locations of receipts.
 *
 * <pre>
 * shards ─▶ (spill ─▶ shuffle) ─▶ (pack) ─▶ layouts
 * </pre>
 *
 * <p>If sequences are shuffled, documents are packed when they are spilled.
 */
public record MakeLayouts(RunSpec spec, Broadcast<FileRef> tokenizer) {
  public PCollection<String> make(PCollection<ShardSet> shards) {
    LayoutPlan plan = LayoutPlan.of(spec);
    PCollection<ShardSet> arranged = shards;
    List<PCollection<String>> receipts = new ArrayList<>();
    if (plan.shuffles()) {
      arranged = shuffle(arranged);
      receipts.add(receipts("ShuffledReceipts", arranged));
    }
    if (plan.packsAfterShuffle()) {
      arranged =
          step(
              "PackShards",
              arranged,
              Stage.PACK,
              UnitArranger::new,
              UnitArranger::pack,
              SerializableCoder.of(ShardSet.class));
      receipts.add(receipts("PackedReceipts", arranged));
    }
    if (!plan.formats().isEmpty()) {
      receipts.add(plan.merges() ? merge(arranged) : convert(arranged));
    }
    return PCollectionList.of(receipts).apply("LayoutReceipts", Flatten.pCollections());
  }

  private static PCollection<String> receipts(String name, PCollection<ShardSet> sets) {
    return sets.apply(name, MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
  }

  private PCollection<ShardSet> shuffle(PCollection<ShardSet> shards) {
    PCollection<String> setAside =
        step(
            "SetAside",
            shards,
            Stage.SHUFFLE,
            UnitArranger::new,
            UnitArranger::setAside,
            StringUtf8Coder.of());
    PCollection<UnitArranger.Range> ranges =
        step(
            "CutRanges",
            setAside.apply("AllSetAside", new ToOneWorker()),
            Stage.SHUFFLE,
            UnitArranger::new,
            UnitArranger::ranges,
            SerializableCoder.of(UnitArranger.Range.class));
    return step(
        "WriteRange",
        RunnerGraph.of(setAside.getPipeline()).spread("SpreadRanges", ranges),
        Stage.SHUFFLE,
        UnitArranger::new,
        (arranger, range) -> List.of(arranger.write(range)),
        SerializableCoder.of(ShardSet.class));
  }

  private PCollection<String> convert(PCollection<ShardSet> shards) {
    return step(
        "ConvertShards",
        shards,
        Stage.CONVERT,
        LayoutMaker::new,
        LayoutMaker::convert,
        StringUtf8Coder.of());
  }

  private PCollection<String> merge(PCollection<ShardSet> shards) {
    PCollection<String> sizes =
        step(
            "SizeShards",
            shards,
            Stage.CONVERT,
            LayoutMaker::new,
            LayoutMaker::sizes,
            StringUtf8Coder.of());
    PCollection<LayoutMaker.Merged> files =
        step(
            "ShareOut",
            sizes.apply("AllSized", new ToOneWorker()),
            Stage.CONVERT,
            LayoutMaker::new,
            LayoutMaker::share,
            SerializableCoder.of(LayoutMaker.Merged.class));
    return step(
        "MergeShards",
        RunnerGraph.of(shards.getPipeline()).spread("SpreadFiles", files),
        Stage.CONVERT,
        LayoutMaker::new,
        (maker, file) -> List.of(maker.merge(file)),
        StringUtf8Coder.of());
  }

  private interface Maker<L> extends Serializable {
    L make(RunSpec spec, FileRef tokenizer) throws IOException;
  }

  private <L, I, O> PCollection<O> step(
      String name,
      PCollection<I> input,
      Stage stage,
      Maker<L> maker,
      StepFn.Work<L, I, List<O>> work,
      Coder<O> coder) {
    Broadcast<FileRef> ref = tokenizer; // the step captures this, not the record
    return input
        .apply(
            name,
            StepFn.many(
                spec,
                stage,
                (run, context) -> maker.make(run, ref.get(context)),
                (L logic, I element, Consumer<O> out) -> work.apply(logic, element).forEach(out),
                ref))
        .setCoder(coder);
  }
}
