package org.merganser.pipeline;

import java.util.Objects;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.encode.EncodeCorpus;
import org.merganser.pipeline.encode.FindShards;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.join.JoinEmbeddings;
import org.merganser.pipeline.join.LearnedTable;
import org.merganser.pipeline.layouts.MakeLayouts;
import org.merganser.pipeline.learn.LearnNgrams;
import org.merganser.pipeline.learn.LearnVectors;
import org.merganser.pipeline.learn.VectorSpec;
import org.merganser.pipeline.measure.MeasureCorpus;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.select.ChooseTrainingDocuments;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.PlanUnits;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.train.CountPretokens;
import org.merganser.pipeline.train.LearnTokenizer;
import org.merganser.pipeline.train.MergeCounts;
import org.merganser.pipeline.train.PlanCounting;

/**
 * The main path: how the stages of a run hang together.
 *
 * <pre>
 * plan ─▶ FindDuplicates ─▶ what is left out, to both passes
 * plan ─▶ CountPretokens ─▶ MergeCounts ─▶ LearnTokenizer ┐ to every worker
 *             ┌───────────────────────────────────────────┘
 *             ▼
 * plan ─▶ EncodeCorpus ┬▶ (LearnVectors ─▶) JoinEmbeddings ┬▶ WriteManifest
 *                      ├▶ LearnNgrams ─────────────────────┤
 *                      ├▶ MakeLayouts ─────────────────────┤
 *                      └▶ MeasureCorpus ───────────────────┘
 * </pre>
 *
 * <p>What travels: work units, and references to published files and to blocks in them.
 */
public final class MerganserPipeline {
  private MerganserPipeline() {}

  /**
   * Adds the stages of a run to a pipeline.
   *
   * @param threads of the direct runner; 1 of other runners
   */
  public static void build(Pipeline pipeline, RunSpec spec, int threads) {
    Broadcast<DuplicateList> duplicates =
        FindDuplicates.toWorkers("FindDuplicates", pipeline, spec, spec.plan(), threads);
    PCollection<FileRef> learned =
        spec.tokenizer() == null ? learn(pipeline, spec, duplicates, threads) : null;
    Broadcast<FileRef> tokenizer =
        learned == null
            ? Broadcast.of(Objects.requireNonNull(spec.tokenizer()))
            : Broadcast.one("TokenizerToWorkers", learned);

    PCollection<ShardSet> shards =
        spec.earlierRun() == null
            ? units(pipeline, spec, learned, threads)
                .apply("EncodeCorpus", EncodeCorpus.with(spec, tokenizer, duplicates))
            : pipeline.apply("FindShards", FindShards.of(spec.files(), spec.earlierRun()));
    PCollection<String> encoded =
        shards.apply(
            "EncodedReceipts", MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
    PCollectionList<String> receipts = PCollectionList.of(encoded);
    if (spec.job().embeddings() != null) {
      receipts = receipts.and(embed(spec, shards, tokenizer, threads));
    }
    if (spec.job().learn() != null) {
      receipts = receipts.and(shards.apply("LearnNgrams", LearnNgrams.of(spec, tokenizer)));
    }
    if (new LayoutPlan(spec.job()).makesAnything()) {
      receipts =
          receipts
              .and(shards.apply("MakeLayouts", MakeLayouts.of(spec, tokenizer, SplitSide.TRAINING)))
              .and(
                  shards.apply(
                      "MakeValidationLayouts",
                      MakeLayouts.of(spec, tokenizer, SplitSide.VALIDATION)));
    }
    if (spec.measures()) {
      receipts = receipts.and(shards.apply("MeasureCorpus", MeasureCorpus.of(spec, tokenizer)));
    }
    receipts
        .apply("Receipts", Flatten.pCollections())
        .apply("WriteManifest", WriteManifest.of(spec, tokenizer, threads));
  }

  /**
   * What is encoded. With a tokenizer that is learned, the plan is read when it is there: the
   * direct runner asks again and again for units that wait for a side input.
   */
  private static PCollection<WorkUnit> units(
      Pipeline pipeline, RunSpec spec, @Nullable PCollection<FileRef> learned, int threads) {
    if (spec.plan() == null) {
      return pipeline.apply("NoUnits", Create.empty(SerializableCoder.of(WorkUnit.class)));
    }
    return learned == null || !RunnerFlags.runsHere(pipeline.getOptions())
        ? pipeline
            .apply("Impulse", Impulse.create())
            .apply("PlanUnits", PlanUnits.from(spec.files(), spec.plan(), threads))
        : learned.apply("PlanUnits", PlanUnits.from(spec.files(), spec.plan(), threads));
  }

  /** Pass 1: counts and merges, of what is encoded too or of other inputs. */
  private static PCollection<FileRef> learn(
      Pipeline pipeline, RunSpec spec, Broadcast<DuplicateList> encodedDuplicates, int threads) {
    String plan = spec.trainingPlan();
    if (plan == null) {
      return pipeline
          .apply("GivenCounts", Create.empty(StringUtf8Coder.of()))
          .apply("LearnTokenizer", LearnTokenizer.of(spec, threads));
    }
    Broadcast<DuplicateList> duplicates =
        plan.equals(spec.plan())
            ? encodedDuplicates
            : FindDuplicates.toWorkers("FindTrainingDuplicates", pipeline, spec, plan, threads);
    Broadcast<DocumentChoice> choice =
        ChooseTrainingDocuments.toWorkers(pipeline, spec, plan, duplicates, threads);
    return pipeline
        .apply("PlanCounting", PlanCounting.of(spec, plan, threads))
        .apply("CountPretokens", CountPretokens.of(spec, choice, duplicates))
        .apply("MergeCounts", MergeCounts.of(spec))
        .apply("LearnTokenizer", LearnTokenizer.of(spec, threads));
  }

  /** The join with a table that is there, or with one that is learned from the shards first. */
  private static PCollection<String> embed(
      RunSpec spec, PCollection<ShardSet> shards, Broadcast<FileRef> tokenizer, int threads) {
    String sha256 = spec.tableSha256();
    String given = JobComponents.embeddings(spec.job()).table();
    if (given != null && sha256 != null) {
      Broadcast<FileRef> table = Broadcast.of(new FileRef(spec.located(given), sha256));
      return shards.apply("JoinEmbeddings", JoinEmbeddings.of(spec, tokenizer, table, threads));
    }
    PCollection<LearnedTable> learned =
        shards.apply("LearnVectors", LearnVectors.of(VectorSpec.of(spec), tokenizer));
    Broadcast<FileRef> table =
        Broadcast.one(
            "TableToWorkers",
            learned
                .apply(
                    "LearnedTable",
                    MapElements.into(TypeDescriptor.of(FileRef.class)).via(LearnedTable::table))
                .setCoder(SerializableCoder.of(FileRef.class)));
    return PCollectionList.of(
            learned.apply(
                "VectorReceipt",
                MapElements.into(TypeDescriptors.strings()).via(LearnedTable::receipt)))
        .and(shards.apply("JoinEmbeddings", JoinEmbeddings.of(spec, tokenizer, table, threads)))
        .apply("EmbeddedReceipts", Flatten.pCollections());
  }
}
