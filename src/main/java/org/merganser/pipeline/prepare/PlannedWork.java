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
public record PlannedWork(PreparedRun prepared, RunSpec spec, RunProgress progress) {
  /** The tokens that need no merge: those of the bytes. */
  private static final int BYTE_TOKENS = 256;

  /** Sets the planned units of a run in its meters. */
  public static void plan(PreparedRun prepared, RunProgress progress) throws IOException {
    PlannedWork work = new PlannedWork(prepared, prepared.spec(), progress);
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
    int counted = prepared.trainingUnits().size();
    int countingUnits = CountingUnit.of(prepared.trainingUnits()).size();
    boolean encodes = spec.kind() instanceof RunKind.OfCorpus;
    boolean separateTraining = false;
    if (spec.tokenizer() instanceof TokenizerSource.FromText text) {
      separateTraining =
          !(spec.kind() instanceof RunKind.OfCorpus run && run.plan().equals(text.plan()));
      plan(Stage.CHOOSE, spec.job().requireTraining().maxBytes() == null ? 0 : counted);
      plan(Stage.COUNT, countingUnits);
      long bytes = PreparedRun.textBytes(prepared.trainingUnits());
      progress.meter(Stage.COUNT).findWork(bytes, 0);
    }
    if (!(spec.tokenizer() instanceof TokenizerSource.Ready)) {
      TrainSection train = spec.job().requireTraining();
      plan(Stage.LEARN, 1);
      progress.meter(Stage.LEARN).findWork(0, Math.max(1, train.vocabSize() - BYTE_TOKENS));
      if (train.superwords() != null) {
        plan(Stage.LEARN_WORDS, 1);
        plan(Stage.COUNT_WORD_PAIRS, countingUnits);
        plan(Stage.COUNT_WORD_RUNS, countingUnits);
      }
    }
    if (spec.job().deduplicates()) { // the list of the duplicates of a plan is one more unit
      int encodingPlan = encodes ? prepared.units().size() + 1 : 0;
      int trainingPlan = separateTraining ? counted + 1 : 0;
      plan(Stage.DEDUPLICATE, encodingPlan + trainingPlan);
    }
  }

  /** Plans the stages that write shards, and those that work on shards. */
  private void planOutput(int sets) {
    Job job = spec.job();
    if (spec.kind() instanceof RunKind.OfCorpus) {
      plan(Stage.ENCODE, sets);
      progress.meter(Stage.ENCODE).findWork(PreparedRun.textBytes(prepared.units()), 0);
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
    Job.Embeddings embeddings = job.embeddings();
    if (embeddings != null) {
      if (embeddings.learn() != null) {
        plan(Stage.COUNT_PAIRS, sets);
        plan(Stage.LEARN_VECTORS, 1);
      }
      boolean rows = embeddings.output().contains(Job.EmbeddedOutput.ROWS);
      boolean onlyRows = rows && embeddings.output().size() == 1;
      plan(Stage.JOIN, (onlyRows ? 0 : sets) + (rows ? 1 : 0));
    }
    JobLayouts layouts = new JobLayouts(job);
    if (layouts.makesAnything()) {
      planLayouts(layouts, sets);
    }
  }

  private void planLayouts(JobLayouts layouts, int sets) {
    int arranged = layouts.shuffles() ? 0 : sets;
    plan(Stage.SHUFFLE, layouts.shuffles() ? sets + 1 : 0);
    plan(Stage.PACK, layouts.packsAfterShuffle() ? arranged : 0);
    plan(Stage.CONVERT, layouts.mergesShards() ? 1 : arranged * layouts.formats().size());
  }

  private void plan(Stage stage, int units) {
    progress.meter(stage).findUnits("plan", units);
  }
}
