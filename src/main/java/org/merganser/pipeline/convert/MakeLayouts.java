package org.merganser.pipeline.convert;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.merganser.pipeline.engine.RunnerTransforms;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.Steps;

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
 *
 * @param tokenizer the tokenizer.json, for all workers
 */
public record MakeLayouts(RunSpec spec, Broadcast<FileRef> tokenizer) {
  /** Adds the steps that the job asks for; returns the locations of their receipts. */
  public PCollection<String> make(PCollection<ShardSet> shards) {
    JobLayouts layouts = JobLayouts.of(spec);
    PCollection<ShardSet> arranged = shards;
    List<PCollection<String>> receipts = new ArrayList<>();
    if (layouts.shuffles()) {
      arranged = shuffle(arranged);
      receipts.add(receipts("ShuffledReceipts", arranged));
    }
    if (layouts.packsAfterShuffle()) {
      Steps<UnitPacker> packing = Steps.of(spec, Stage.PACK, tokenizer, UnitPacker::new);
      arranged = arranged.apply("PackShards", packing.many(ShardSet.class, UnitPacker::pack));
      receipts.add(receipts("PackedReceipts", arranged));
    }
    if (!layouts.formats().isEmpty()) {
      receipts.add(layouts.mergesShards() ? merge(arranged) : convert(arranged));
    }
    return PCollectionList.of(receipts).apply("LayoutReceipts", Flatten.pCollections());
  }

  /** The locations of the receipts of sets of shards. */
  private static PCollection<String> receipts(String name, PCollection<ShardSet> sets) {
    return sets.apply(name, MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
  }

  /** Adds the steps of a {@link GlobalShuffle}; returns the shuffled shards. */
  private PCollection<ShardSet> shuffle(PCollection<ShardSet> shards) {
    Steps<GlobalShuffle> steps = Steps.of(spec, Stage.SHUFFLE, tokenizer, GlobalShuffle::new);
    PCollection<GlobalShuffle.Range> ranges =
        shards
            .apply("SpillRows", steps.many(String.class, GlobalShuffle::spill))
            .apply("AllSpilled", new ToOneWorker())
            .apply("CutRanges", steps.many(GlobalShuffle.Range.class, GlobalShuffle::divide));
    return RunnerTransforms.spread("SpreadRanges", ranges)
        .apply("WriteRange", steps.one(ShardSet.class, GlobalShuffle::write));
  }

  /** Adds the step that converts each shard. */
  private PCollection<String> convert(PCollection<ShardSet> shards) {
    return shards.apply("ConvertShards", conversion().many(String.class, LayoutMaker::convert));
  }

  /** Adds the steps that merge many shards into few files. */
  private PCollection<String> merge(PCollection<ShardSet> shards) {
    PCollection<LayoutMaker.MergedFile> files =
        shards
            .apply("SizeShards", conversion().many(String.class, LayoutMaker::measure))
            .apply("AllSized", new ToOneWorker())
            .apply(
                "AssignShards",
                conversion().many(LayoutMaker.MergedFile.class, LayoutMaker::assign));
    return RunnerTransforms.spread("SpreadFiles", files)
        .apply("MergeShards", conversion().one(String.class, LayoutMaker::merge));
  }

  /** The steps of the stage of conversion. */
  private Steps<LayoutMaker> conversion() {
    return Steps.of(spec, Stage.CONVERT, tokenizer, LayoutMaker::new);
  }
}
