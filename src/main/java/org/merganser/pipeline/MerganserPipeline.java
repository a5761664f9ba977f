package org.merganser.pipeline;

import java.util.List;
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
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.encode.EncodeCorpus;
import org.merganser.pipeline.join.JoinEmbeddings;
import org.merganser.pipeline.join.LearnedTable;
import org.merganser.pipeline.layouts.MakeLayouts;
import org.merganser.pipeline.learn.LearnNgrams;
import org.merganser.pipeline.learn.LearnVectors;
import org.merganser.pipeline.measure.MeasureCorpus;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.select.ChooseTrainingDocuments;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.PlanUnits;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.train.CountPretokens;
import org.merganser.pipeline.train.CountingUnit;
import org.merganser.pipeline.train.LearnSuperwords;
import org.merganser.pipeline.train.LearnTokenizer;
import org.merganser.pipeline.train.MergeCounts;

/**
 * The main path: how the stages of a run hang together.
 *
 * <pre>
 * plan ─▶ FindDuplicates ─▶ what is left out, to both passes
 * plan ─▶ CountPretokens ─▶ MergeCounts ─▶ LearnTokenizer ┐ to every worker (or LearnSuperwords)
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
final class MerganserPipeline {
  private final Pipeline pipeline;
  private final RunSpec spec;

  private MerganserPipeline(Pipeline pipeline, RunSpec spec) {
    this.pipeline = pipeline;
    this.spec = spec;
  }

  /** Adds the stages of a run to a pipeline. */
  static void build(Pipeline pipeline, RunSpec spec) {
    MerganserPipeline stages = new MerganserPipeline(pipeline, spec);
    if (spec.kind() instanceof RunKind.OfCorpus run) {
      stages.encode(run);
    } else if (spec.kind() instanceof RunKind.FromShards run) {
      stages.continueFrom(run);
    } else {
      stages.train();
    }
  }

  /** Encodes text or counts its tokens, with a tokenizer that is there or is learned first. */
  private void encode(RunKind.OfCorpus run) {
    Broadcast<DuplicateList> duplicates =
        FindDuplicates.toWorkers("FindDuplicates", pipeline, spec, run.plan());
    if (run.tokenizer() instanceof TokenizerSource.Ready ready) {
      encode(run, pipeline.apply("Impulse", Impulse.create()), known(ready), duplicates);
      return;
    }
    PCollection<FileRef> learned = learn(duplicates);
    Broadcast<FileRef> tokenizer = toWorkers(learned);
    // Units wait for the tokenizer, and the direct runner takes what waits up again and again.
    encode(run, learned, tokenizer, duplicates);
  }

  /**
   * Encodes the units of the plan.
   *
   * @param signal the plan is read when its one element is there
   */
  private <T> void encode(
      RunKind.OfCorpus run,
      PCollection<T> signal,
      Broadcast<FileRef> tokenizer,
      Broadcast<DuplicateList> duplicates) {
    PCollection<ShardSet> shards =
        signal
            .apply("PlanUnits", PlanUnits.of(spec, run.plan()))
            .apply("EncodeCorpus", new EncodeCorpus(spec, tokenizer, duplicates));
    finish(madeFrom(shards, tokenizer), tokenizer);
  }

  /** Learns a vocabulary, unless it is there; there are no shards. */
  private void train() {
    Broadcast<FileRef> tokenizer =
        spec.tokenizer() instanceof TokenizerSource.Ready ready
            ? known(ready)
            : toWorkers(learn(Broadcast.of(DuplicateList.NONE)));
    finish(pipeline.apply("NoReceipts", Create.empty(StringUtf8Coder.of())), tokenizer);
  }

  /** Makes what the job wants of the shards of an earlier run. */
  private void continueFrom(RunKind.FromShards run) {
    Broadcast<FileRef> tokenizer = known(run.tokenizer());
    List<OutputLayout> earlier = run.earlier();
    PCollection<ShardSet> shards =
        pipeline
            .apply("Impulse", Impulse.create())
            .apply(
                "FindShards",
                new PlanUnits<>(
                    spec, ShardSet.class, out -> FinishedOutput.shards(earlier).forEach(out)));
    finish(madeFrom(shards, tokenizer), tokenizer);
  }

  private static Broadcast<FileRef> known(TokenizerSource.Ready tokenizer) {
    return Broadcast.of(tokenizer.file());
  }

  private static Broadcast<FileRef> toWorkers(PCollection<FileRef> learned) {
    return Broadcast.one("TokenizerToWorkers", learned);
  }

  private void finish(PCollection<String> receipts, Broadcast<FileRef> tokenizer) {
    receipts.apply("WriteManifest", new WriteManifest(spec, tokenizer));
  }

  /** The receipts of shards and of all that the job wants made of them. */
  private PCollection<String> madeFrom(PCollection<ShardSet> shards, Broadcast<FileRef> tokenizer) {
    PCollection<String> encoded =
        shards.apply(
            "EncodedReceipts", MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt));
    PCollectionList<String> receipts = PCollectionList.of(encoded);
    if (spec.job().embeddings() != null) {
      receipts = receipts.and(embed(shards, tokenizer));
    }
    if (spec.job().learn() != null) {
      receipts = receipts.and(shards.apply("LearnNgrams", LearnNgrams.of(spec, tokenizer)));
    }
    LayoutPlan plan = LayoutPlan.of(spec);
    if (plan.makesAnything()) {
      receipts = receipts.and(shards.apply("MakeLayouts", new MakeLayouts(spec, tokenizer)));
    }
    if (spec.measures()) {
      receipts = receipts.and(shards.apply("MeasureCorpus", MeasureCorpus.of(spec, tokenizer)));
    }
    return receipts.apply("Receipts", Flatten.pCollections());
  }

  /** Pass 1: counts and merges, of what is encoded too, of other inputs, or of given counts. */
  private PCollection<FileRef> learn(Broadcast<DuplicateList> encodedDuplicates) {
    LearnTokenizer learn = new LearnTokenizer(spec);
    if (!(spec.tokenizer() instanceof TokenizerSource.FromText text)) {
      return pipeline
          .apply("GivenCounts", Create.empty(StringUtf8Coder.of()))
          .apply("LearnTokenizer", learn);
    }
    boolean encoded = spec.kind() instanceof RunKind.OfCorpus run && run.plan().equals(text.plan());
    Broadcast<DuplicateList> duplicates =
        encoded
            ? encodedDuplicates
            : FindDuplicates.toWorkers("FindTrainingDuplicates", pipeline, spec, text.plan());
    Broadcast<DocumentChoice> choice =
        ChooseTrainingDocuments.toWorkers(pipeline, spec, text.plan(), duplicates);
    PCollection<String> counts =
        pipeline
            .apply("CountingImpulse", Impulse.create())
            .apply("PlanCounting", CountingUnit.plan(spec, text))
            .apply("CountPretokens", new CountPretokens(spec, text, choice, duplicates))
            .apply("MergeCounts", new MergeCounts(spec, Stage.COUNT));
    return JobComponents.train(spec.job()).superwords() == null
        ? counts.apply("LearnTokenizer", learn)
        : counts.apply("LearnSuperwords", new LearnSuperwords(spec, text, choice, duplicates));
  }

  /** The join with a table that is there, or with one that is learned from the shards first. */
  private PCollection<String> embed(PCollection<ShardSet> shards, Broadcast<FileRef> tokenizer) {
    if (spec.table() != null) {
      Broadcast<FileRef> table = Broadcast.of(spec.table());
      return shards.apply("JoinEmbeddings", new JoinEmbeddings(spec, tokenizer, table));
    }
    PCollection<LearnedTable> learned =
        shards.apply("LearnVectors", LearnVectors.of(spec, tokenizer));
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
        .and(shards.apply("JoinEmbeddings", new JoinEmbeddings(spec, tokenizer, table)))
        .apply("EmbeddedReceipts", Flatten.pCollections());
  }
}
