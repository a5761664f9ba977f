package org.merganser.pipeline.prepare;

import java.io.IOException;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.count.CountingUnit;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.JobLayouts;

/**
 * Sets each stage's planned units before the run begins, as far as they are known. A stage adds the
 * units that it finds later.
 */
public final class PlannedWork {
  /** The tokens that need no merge: those of the bytes. */
  private static final int BYTE_TOKENS = 256;

  /** The source of units in the meters: the plan, in contrast to what a stage finds later. */
  private static final String PLAN = "plan";

  private final PreparedRun prepared;
  private final RunSpec spec;
  private final RunProgress progress;

  private PlannedWork(PreparedRun prepared, RunProgress progress) {
    this.prepared = prepared;
    this.spec = prepared.spec();
    this.progress = progress;
  }

  /** Sets the planned units of a run in its meters. */
  public static void plan(PreparedRun prepared, RunProgress progress) throws IOException {
    PlannedWork work = new PlannedWork(prepared, progress);
    work.planLearning();
    if (!(prepared.spec().kind() instanceof RunKind.Train)) {
      work.planOutput(work.shardSets());
    }
    work.plan(Stage.MANIFEST, 1);
  }

  /** The number of units whose shards are written or read. */
  private int shardSets() throws IOException {
    return spec.kind() instanceof RunKind.FromShards run
        ? FinishedOutput.shardsOfAll(run.earlier()).size()
        : prepared.units().size();
  }

  /** Plans the search for duplicates, and the stages that learn a vocabulary. */
  private void planLearning() {
    if (spec.tokenizer() instanceof TokenizerSource.FromText) {
      planCounting();
    }
    if (!(spec.tokenizer() instanceof TokenizerSource.Ready)) {
      planMerges(spec.job().requireTraining());
    }
    if (spec.job().deduplicates()) {
      planDuplicates();
    }
  }

  private void planCounting() {
    boolean choosesDocuments = spec.job().requireTraining().maxBytes() != null;
    plan(Stage.CHOOSE, choosesDocuments ? prepared.trainingUnits().size() : 0);
    plan(Stage.COUNT, countingUnits());
    long bytes = PreparedRun.textBytes(prepared.trainingUnits());
    progress.meter(Stage.COUNT).planText(bytes);
  }

  /** The number of units of the stages that count the text to learn from. */
  private int countingUnits() {
    return CountingUnit.of(prepared.trainingUnits()).size();
  }

  /** Plans the stages that learn merges: at most one merge for each token that is no byte. */
  private void planMerges(TrainSection train) {
    plan(Stage.LEARN, 1);
    progress.meter(Stage.LEARN).planTokens(Math.max(1, train.vocabSize() - BYTE_TOKENS));
    if (train.superwords() != null) {
      plan(Stage.LEARN_WORDS, 1);
      plan(Stage.COUNT_WORD_PAIRS, countingUnits());
      plan(Stage.COUNT_WORD_RUNS, countingUnits());
    }
  }

  /**
   * Plans the search for duplicates: the units of the plan to encode, and those of a separate plan
   * to learn from. The list of the duplicates of a plan is one more unit.
   */
  private void planDuplicates() {
    int units = 0;
    if (spec.kind() instanceof RunKind.OfCorpus) {
      units += prepared.units().size() + 1;
    }
    if (hasSeparateTraining()) {
      units += prepared.trainingUnits().size() + 1;
    }
    plan(Stage.DEDUPLICATE, units);
  }

  /** Whether the text to learn from has a plan of its own, not that of the text to encode. */
  private boolean hasSeparateTraining() {
    return spec.tokenizer() instanceof TokenizerSource.FromText text
        && !(spec.kind() instanceof RunKind.OfCorpus run && run.plan().equals(text.plan()));
  }

  /**
   * Plans the stages that write shards, and those that work on shards. The statistics of all units
   * are one more unit.
   *
   * @param sets the number of units whose shards are written or read
   */
  private void planOutput(int sets) {
    Job job = spec.job();
    if (spec.kind() instanceof RunKind.OfCorpus) {
      plan(Stage.ENCODE, sets);
      progress.meter(Stage.ENCODE).planText(PreparedRun.textBytes(prepared.units()));
    }
    if (job.learn() != null) {
      plan(Stage.COUNT_NGRAMS, sets);
      plan(Stage.LEARN_NGRAMS, 1);
    }
    if (spec.measures()) {
      plan(Stage.MEASURE, sets + 1);
    } else if (spec.kind() instanceof RunKind.FromShards) {
      plan(Stage.MEASURE, sets);
    }
    if (job.embeddings() != null) {
      planEmbeddings(job.embeddings(), sets);
    }
    JobLayouts layouts = new JobLayouts(job);
    if (layouts.makesAnything()) {
      planLayouts(layouts, sets);
    }
  }

  /**
   * Plans the join, in which the rows of all units are one more unit, and the learning before it.
   */
  private void planEmbeddings(Job.Embeddings embeddings, int sets) {
    if (embeddings.learn() != null) {
      plan(Stage.COUNT_PAIRS, sets);
      plan(Stage.LEARN_VECTORS, 1);
    }
    boolean hasRows = embeddings.output().contains(Job.EmbeddedOutput.ROWS);
    boolean hasOnlyRows = hasRows && embeddings.output().size() == 1;
    plan(Stage.JOIN, (hasOnlyRows ? 0 : sets) + (hasRows ? 1 : 0));
  }

  /**
   * Plans the layouts. A shuffle has one more unit, which divides the new order into ranges.
   * Packing and conversion then find their units in these ranges, so none are known before a
   * shuffle.
   */
  private void planLayouts(JobLayouts layouts, int sets) {
    int knownSets = layouts.shuffles() ? 0 : sets;
    plan(Stage.SHUFFLE, layouts.shuffles() ? sets + 1 : 0);
    plan(Stage.PACK, layouts.packsAfterShuffle() ? knownSets : 0);
    plan(Stage.CONVERT, layouts.mergesShards() ? 1 : knownSets * layouts.formats().size());
  }

  /** Sets the units of a stage that are known before the run. */
  private void plan(Stage stage, int units) {
    progress.meter(stage).findUnits(PLAN, units);
  }
}
