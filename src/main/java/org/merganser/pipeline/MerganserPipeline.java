package org.merganser.pipeline;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.merganser.corpus.WorkUnit;

/**
 * The main path: how the stages of a run hang together.
 *
 * <pre>
 * plan ─▶ CountPretokens ─▶ MergeCounts ─▶ LearnTokenizer ┐ to every worker
 *                                                         ▼
 * plan ───────────────────────────────────────────▶ EncodeCorpus ┬▶ JoinEmbeddings ┬▶ WriteManifest
 *                                                                └▶ MakeLayouts ───┘
 * </pre>
 *
 * <p>What travels: work units, packed tables of counts, and references to published files.
 */
final class MerganserPipeline {
  private MerganserPipeline() {}

  /** Adds the stages of a run to a pipeline. */
  static void build(Pipeline pipeline, RunSpec spec) {
    PCollectionView<TokenizerRef> tokenizer =
        (spec.tokenizer() == null ? learn(pipeline, spec) : use(pipeline, spec.tokenizer()))
            .apply("TokenizerToWorkers", View.asSingleton());

    PCollection<ShardSet> shards = shards(pipeline, spec, tokenizer);
    PCollection<String> encoded =
        shards.apply(
            "EncodedReceipts", MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
    PCollection<String> embedded =
        spec.job().embeddings() == null
            ? pipeline.apply("NoEmbeddings", Create.empty(StringUtf8Coder.of()))
            : shards.apply("JoinEmbeddings", JoinEmbeddings.of(spec, tokenizer));

    PCollection<String> layouts =
        new LayoutPlan(spec.job()).makesAnything()
            ? shards.apply("MakeLayouts", MakeLayouts.of(spec, tokenizer, OutputLayout.FAMILY))
            : pipeline.apply("NoLayouts", Create.empty(StringUtf8Coder.of()));

    PCollectionList.of(encoded)
        .and(embedded)
        .and(layouts)
        .apply("Receipts", Flatten.pCollections())
        .apply("WriteManifest", WriteManifest.of(spec, tokenizer));
  }

  /**
   * Pass 1: counts and merges. A place for selection (deduplication, a split) is before counting.
   */
  private static PCollection<TokenizerRef> learn(Pipeline pipeline, RunSpec spec) {
    if (spec.trainingPlan() == null) {
      return pipeline
          .apply("GivenCounts", Create.empty(StringUtf8Coder.of()))
          .apply("LearnTokenizer", LearnTokenizer.of(spec));
    }
    PCollection<WorkUnit> units =
        pipeline.apply("PlanTraining", PlanUnits.from(spec.trainingPlan()));
    PCollectionView<DocumentChoice> choice =
        units.apply(
            "ChooseTrainingDocuments",
            ChooseTrainingDocuments.within(spec, CoreParts.train(spec.job()).maxBytes()));
    return units
        .apply("CountPretokens", CountPretokens.of(spec, choice))
        .apply("MergeCounts", MergeCounts.of(spec))
        .apply("LearnTokenizer", LearnTokenizer.of(spec));
  }

  private static PCollection<TokenizerRef> use(Pipeline pipeline, TokenizerRef published) {
    return pipeline.apply(
        "UseTokenizer", Create.of(published).withCoder(SerializableCoder.of(TokenizerRef.class)));
  }

  /** Pass 2: the canonical shards, encoded now or found in an earlier run. */
  private static PCollection<ShardSet> shards(
      Pipeline pipeline, RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
    if (spec.earlierRun() != null) {
      return pipeline.apply("FindShards", FindShards.of(spec.earlierRun()));
    }
    if (spec.plan() == null) {
      return pipeline.apply("NoShards", Create.empty(SerializableCoder.of(ShardSet.class)));
    }
    return pipeline
        .apply("PlanUnits", PlanUnits.from(spec.plan()))
        .apply("EncodeCorpus", EncodeCorpus.with(spec, tokenizer));
  }
}
