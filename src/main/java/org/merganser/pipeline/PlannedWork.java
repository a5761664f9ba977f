package org.merganser.pipeline;

import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.pipeline.train.CountingUnit;

/**
 * What each stage of a run has ahead, for progress: what is known before the run begins, and what
 * its steps find out on the way. From it follows when a stage has finished.
 */
final class PlannedWork {
  private record Ahead(int units, int steps) {}

  private static final Ahead ONE = new Ahead(1, 0);

  /**
   * Units are whole or nothing: within one, input or merges tell how far a stage is, up to this.
   */
  private static final double NEARLY = 0.99;

  private final Map<Stage, Ahead> stages = new EnumMap<>(Stage.class);

  /** Bytes of the input as stored; of learning, merges. */
  private final Map<Stage, Long> amounts = new EnumMap<>(Stage.class);

  private PlannedWork() {}

  static PlannedWork of(PreparedRun prepared) throws IOException {
    PlannedWork work = new PlannedWork();
    work.learning(prepared);
    if (!(prepared.spec().kind() instanceof RunKind.Train)) {
      work.made(prepared.spec(), sets(prepared));
    }
    work.stages.put(Stage.MANIFEST, ONE);
    return work;
  }

  /** Sets of shards that go through the stages behind encoding. */
  private static int sets(PreparedRun prepared) throws IOException {
    return prepared.spec().kind() instanceof RunKind.FromShards run
        ? FinishedOutput.shards(run.earlier()).size()
        : prepared.units().size();
  }

  private void learning(PreparedRun prepared) {
    RunSpec spec = prepared.spec();
    int encoded = prepared.units().size();
    int counted = prepared.trainingUnits().size();
    boolean counts = false;
    boolean apart = false;
    if (spec.tokenizer() instanceof TokenizerSource.FromText text) {
      counts = true;
      apart = !(spec.kind() instanceof RunKind.OfCorpus run && run.plan().equals(text.plan()));
      if (JobComponents.train(spec.job()).sample().maxBytes() != null) {
        stages.put(Stage.CHOOSE, new Ahead(counted, 0));
      }
      stages.put(
          Stage.COUNT,
          new Ahead(
              CountingUnit.of(prepared.trainingUnits()).size(), text.counting().partitions()));
      amounts.put(Stage.COUNT, bytes(prepared.trainingUnits()));
    }
    if (!(spec.tokenizer() instanceof TokenizerSource.Ready)) {
      TrainSection train = JobComponents.train(spec.job());
      stages.put(Stage.LEARN, ONE);
      amounts.put(Stage.LEARN, (long) train.vocabSize());
      if (train.superwords() != null) {
        stages.put(Stage.LEARN_WORDS, ONE);
        amounts.put(Stage.LEARN_WORDS, (long) TrainingSettings.words(train));
        amounts.put(Stage.LEARN, (long) train.vocabSize() - TrainingSettings.words(train));
        for (Stage again : List.of(Stage.COUNT_WORD_PAIRS, Stage.COUNT_WORD_RUNS)) {
          stages.put(again, ahead(Stage.COUNT));
          amounts.put(again, amounts.getOrDefault(Stage.COUNT, 0L));
        }
      }
    }
    boolean encodes = spec.kind() instanceof RunKind.OfCorpus;
    if (encodes) {
      amounts.put(Stage.ENCODE, bytes(prepared.units()));
    }
    Job.Corpus corpus = spec.job().corpus();
    if (corpus != null && corpus.choice().deduplicate() != Job.Deduplicate.NONE) {
      stages.put(
          Stage.DEDUPLICATE, // each plan ends with the list of its duplicates
          new Ahead((encodes ? encoded + 1 : 0) + (counts && apart ? counted + 1 : 0), 0));
    }
  }

  /** What is made of sets of shards. */
  private void made(RunSpec spec, int sets) {
    Job job = spec.job();
    Ahead each = new Ahead(sets, 0);
    stages.put(Stage.ENCODE, each);
    if (job.learn() != null) {
      stages.put(Stage.COUNT_NGRAMS, each);
      stages.put(Stage.LEARN_NGRAMS, ONE);
    }
    if (spec.measures()) {
      stages.put(Stage.MEASURE, new Ahead(sets + 1, 0));
    }
    Job.Embeddings embeddings = job.embeddings();
    if (embeddings != null) {
      if (embeddings.learn() != null) {
        stages.put(Stage.COUNT_PAIRS, each);
        stages.put(Stage.LEARN_VECTORS, ONE);
      }
      boolean rows = embeddings.output().contains(Job.EmbeddedOutput.ROWS);
      boolean onlyRows = rows && embeddings.output().size() == 1;
      stages.put(Stage.JOIN, new Ahead((onlyRows ? 0 : sets) + (rows ? 1 : 0), 0));
    }
    LayoutPlan plan = new LayoutPlan(job);
    if (plan.makesAnything()) {
      layouts(plan, sets);
    }
  }

  /** What is behind a shuffle or in merged files is found when all shards are there. */
  private void layouts(LayoutPlan plan, int sets) {
    int arranged = plan.shuffles() ? 0 : sets;
    if (plan.shuffles()) {
      stages.put(Stage.SHUFFLE, new Ahead(sets, 1));
    }
    if (plan.packsAfterShuffle()) {
      stages.put(Stage.PACK, new Ahead(arranged, 0));
    }
    if (!plan.formats().isEmpty()) {
      stages.put(
          Stage.CONVERT,
          plan.merges() ? new Ahead(0, 1) : new Ahead(arranged * plan.formats().size(), 0));
    }
  }

  /** How much text they hold is known only when they are read. */
  private static long bytes(List<WorkUnit> units) {
    return units.stream().mapToLong(WorkUnit::bytes).sum();
  }

  /** The stages that the job asks for, in order. */
  Set<Stage> stages() {
    return Collections.unmodifiableSet(stages.keySet());
  }

  /** Units that a stage goes through, as far as is known; those that are there already, too. */
  long units(Stage stage, StageMeter meter) {
    return ahead(stage).units() + meter.unitsFound();
  }

  /**
   * The share of a stage's known work that is done: units, and pieces that are none; within a unit,
   * bytes of the input or merges. At most 1.
   */
  double share(Stage stage, StageMeter meter) {
    long planned = planned(stage, meter);
    double share = planned <= 0 ? 0 : Math.min(1, done(meter) / (double) planned);
    long amount = amounts.getOrDefault(stage, 0L);
    if (amount <= 0) {
      return share;
    }
    long made = stage.learnsMerges() ? meter.tokens() : meter.inputBytes();
    return Math.max(share, Math.min(NEARLY, made / (double) amount));
  }

  /** Whether a stage that has begun has nothing left to do. */
  boolean finished(Stage stage, Function<Stage, StageMeter> meters) {
    StageMeter meter = meters.apply(stage);
    return switch (stage) {
      // Of counting, pieces may turn out to be none, such as a partition without a pretoken; but
      // the stage that needs all counts begins when they are there.
      case CHOOSE -> meters.apply(Stage.COUNT).started();
      case COUNT ->
          meters.apply(Stage.LEARN).started() || meters.apply(Stage.LEARN_WORDS).started();
      case COUNT_WORD_PAIRS -> meters.apply(Stage.COUNT_WORD_RUNS).started();
      case COUNT_WORD_RUNS -> meters.apply(Stage.LEARN).started();
      case COUNT_NGRAMS -> meters.apply(Stage.LEARN_NGRAMS).started();
      case COUNT_PAIRS -> meters.apply(Stage.LEARN_VECTORS).started();
      case LEARN, LEARN_WORDS, LEARN_NGRAMS, LEARN_VECTORS ->
          meter.unitsDone() + meter.unitsSkipped() > 0 && meter.atWork() == 0;
      case SHUFFLE, PACK, CONVERT -> meters.apply(Stage.MANIFEST).started();
      default -> done(meter) >= planned(stage, meter) && meter.atWork() == 0;
    };
  }

  private long planned(Stage stage, StageMeter meter) {
    return units(stage, meter) + ahead(stage).steps() + meter.stepsFound();
  }

  private static long done(StageMeter meter) {
    return meter.unitsDone() + meter.unitsSkipped() + meter.steps();
  }

  private Ahead ahead(Stage stage) {
    return stages.getOrDefault(stage, new Ahead(0, 0));
  }
}
