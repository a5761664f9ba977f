package org.merganser.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;

/**
 * Writes the events of stages from what the run has measured; {@link ProgressPrinter} calls it.
 * Each stage that the run enters begins once and ends once, even if it is very short.
 */
final class StageEvents {
  private final EventLog log;
  private final MerganserRun run;
  private final Set<Stage> started = EnumSet.noneOf(Stage.class);
  private final Set<Stage> finished = EnumSet.noneOf(Stage.class);

  StageEvents(EventLog log, MerganserRun run) {
    this.log = log;
    this.run = run;
  }

  /** Writes the events of stages that have started or finished since the last call. */
  void writeNew() {
    write(StageFigures::finished);
  }

  /** Writes the last events of a run that has ended: all stages that started are finished. */
  void writeLast() {
    write(StageFigures::started);
  }

  /** Writes the first event of new stages, then the last event of those that have finished. */
  private void write(Predicate<StageFigures> isFinished) {
    Map<Stage, StageFigures> stages = run.figures();
    stages.forEach(
        (stage, figures) -> {
          if (figures.started() && started.add(stage)) {
            log.write(RunEvent.STAGE_STARTED, event -> event.put("stage", name(stage)));
          }
        });
    stages.forEach(
        (stage, figures) -> {
          if (isFinished.test(figures) && finished.add(stage)) {
            double share = 1;
            log.write(RunEvent.STAGE_FINISHED, event -> addFigures(event, stage, figures, share));
          }
        });
  }

  /** Writes an event for each stage that has started and not finished. */
  void writeProgress() {
    run.figures()
        .forEach(
            (stage, figures) -> {
              if (started.contains(stage) && !finished.contains(stage)) {
                log.write(
                    RunEvent.PROGRESS, event -> addFigures(event, stage, figures, figures.share()));
              }
            });
  }

  /**
   * Adds the fields of an event.
   *
   * @param share of the stage's work that is done, from 0 to 1
   */
  private static void addFigures(
      ObjectNode event, Stage stage, StageFigures figures, double share) {
    event.put("stage", name(stage));
    event.put("documents", figures.get(Figure.DOCUMENTS));
    event.put("textBytes", figures.get(Figure.TEXT_BYTES));
    event.put(stage.learnsMerges() ? "merges" : "tokens", figures.get(Figure.TOKENS));
    event.put("unitsDone", figures.get(Figure.UNITS_DONE));
    event.put("unitsSkipped", figures.get(Figure.UNITS_SKIPPED));
    event.put("unitsPlanned", figures.get(Figure.UNITS_PLANNED));
    event.put("share", Math.round(share * 1e3) / 1e3); // three decimals
    event.put("threads", figures.get(Figure.THREADS));
    event.put("busySeconds", figures.busySeconds());
    event.put("seconds", figures.seconds());
  }

  private static String name(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
