package org.merganser.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.convert.MakeLayouts;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.finish.ManifestPublication;
import org.merganser.pipeline.join.JoinEmbeddings;
import org.merganser.pipeline.learn.LearnNgrams;
import org.merganser.pipeline.learn.LearnVectors;
import org.merganser.pipeline.measure.CountLengths;
import org.merganser.pipeline.measure.StatisticsPublication;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.ReadPlan;
import org.merganser.pipeline.train.LearnTokenizer;

/**
 * Builds the graph of a run, which connects its stages.
 *
 * <pre>
 * plan ─▶ FindDuplicates ─▶ duplicates to leave out, to both passes
 * plan ─▶ CountPretokens ─▶ CombineCounts ─▶ LearnTokenizer or LearnSuperwords
 *                                                  │ tokenizer.json, to all workers
 *             ┌────────────────────────────────────┘
 *             ▼
 * plan ─▶ EncodeCorpus ┬▶ (LearnVectors ─▶) JoinEmbeddings ┬▶ WriteManifest
 *                      ├▶ LearnNgrams ─────────────────────┤
 *                      ├▶ MakeLayouts ─────────────────────┤
 *                      └▶ MeasureCorpus ───────────────────┘
 * </pre>
 *
 * <p>A run from the shards of earlier runs has FindShards in place of EncodeCorpus, and
 * CountLengths in place of MeasureCorpus. Elements are small: work units, and references to files
 * and to blocks in them.
 */
final class MerganserPipeline {
  private MerganserPipeline() {}

  /** Adds the steps of a run to an empty pipeline. */
  static void build(Pipeline pipeline, RunSpec spec) {
    Broadcast<DuplicateList> duplicates =
        spec.kind() instanceof RunKind.OfCorpus run
            ? FindDuplicates.toWorkers("FindDuplicates", pipeline, spec, run.plan())
            : Broadcast.of(DuplicateList.NONE);
    if (spec.tokenizer() instanceof TokenizerSource.Ready ready) {
      PCollection<byte[]> begin = pipeline.apply("Impulse", Impulse.create());
      addStepsAfterTokenizer(begin, spec, Broadcast.of(ready.file()), duplicates);
    } else {
      PCollection<FileRef> learned = LearnTokenizer.of(pipeline, spec, duplicates);
      // The tokenizer is also the signal to plan the units: if they were planned before, they would
      // wait for it, and the direct runner polls waiting elements all the time.
      Broadcast<FileRef> tokenizer = Broadcast.one("TokenizerToWorkers", learned);
      addStepsAfterTokenizer(learned, spec, tokenizer, duplicates);
    }
  }

  /**
   * Adds the steps that follow the tokenizer: they encode the plan of the run, or find the shards
   * of earlier runs, and make everything of these shards.
   *
   * @param signal a collection of one element; the plan is read when this element exists
   */
  private static <T> void addStepsAfterTokenizer(
      PCollection<T> signal,
      RunSpec spec,
      Broadcast<FileRef> tokenizer,
      Broadcast<DuplicateList> duplicates) {
    PCollection<ShardSet> shards =
        spec.kind() instanceof RunKind.OfCorpus run
            ? signal
                .apply("PlanUnits", ReadPlan.of(spec, run.plan()))
                .apply("EncodeCorpus", UnitEncoder.step(spec, tokenizer, duplicates))
            : signal.apply("FindShards", findShards(spec));
    addStepsAfterShards(shards, spec, tokenizer)
        .apply("WriteManifest", ManifestPublication.step(spec, tokenizer));
  }

  /** The step that finds the shards of earlier runs; none for a run that only learns. */
  private static <T> PTransform<PCollection<T>, PCollection<ShardSet>> findShards(RunSpec spec) {
    List<OutputPaths> earlier =
        spec.kind() instanceof RunKind.FromShards run ? run.earlier() : List.of();
    return ReadPlan.elements(
        spec,
        ShardSet.class,
        (run, signal, out) -> FinishedOutput.shardsOfAll(earlier).forEach(out));
  }

  /** Adds the steps that make something of the shards; returns the locations of all receipts. */
  private static PCollection<String> addStepsAfterShards(
      PCollection<ShardSet> shards, RunSpec spec, Broadcast<FileRef> tokenizer) {
    List<PCollection<String>> receipts = new ArrayList<>();
    receipts.add(
        shards.apply(
            "EncodedReceipts", MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt)));
    if (spec.table() != null) {
      Broadcast<FileRef> table = Broadcast.of(spec.table());
      receipts.add(shards.apply("JoinEmbeddings", JoinEmbeddings.of(spec, tokenizer, table)));
    } else if (spec.job().embeddings() != null) {
      receipts.add(LearnVectors.andJoin(shards, spec, tokenizer));
    }
    if (spec.job().learn() != null) {
      receipts.add(shards.apply("LearnNgrams", LearnNgrams.of(spec, tokenizer)));
    }
    if (JobLayouts.of(spec).makesAnything()) {
      MakeLayouts layouts = new MakeLayouts(spec, tokenizer);
      receipts.add(shards.apply("MakeLayouts", PTransform.compose(layouts::make)));
    }
    if (spec.measures()) {
      receipts.add(shards.apply("MeasureCorpus", StatisticsPublication.step(spec, tokenizer)));
    } else if (spec.kind() instanceof RunKind.FromShards) {
      receipts.add(shards.apply("CountLengths", CountLengths.of(spec)));
    }
    return PCollectionList.of(receipts).apply("Receipts", Flatten.pCollections());
  }
}
