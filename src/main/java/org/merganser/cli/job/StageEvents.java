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
 * Writes the events of stages by reading their meters repeatedly. Each stage begins once and ends
 * once, in order, even if it is very short.
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

  private void write(Predicate<StageFigures> isFinished) {
    Map<Stage, StageFigures> figures = run.figures();
    figures.forEach(
        (stage, account) -> {
          if (account.started() && started.add(stage)) {
            log.write(RunEvent.STAGE_STARTED, event -> event.put("stage", name(stage)));
          }
        });
    figures.forEach(
        (stage, account) -> {
          if (isFinished.test(account) && finished.add(stage)) {
            log.write(RunEvent.STAGE_FINISHED, event -> addFigures(event, stage, account, 1));
          }
        });
  }

  /** Writes an event for each stage that has started and not finished. */
  void writeProgress() {
    run.figures()
        .forEach(
            (stage, account) -> {
              if (started.contains(stage) && !finished.contains(stage)) {
                log.write(
                    RunEvent.PROGRESS, event -> addFigures(event, stage, account, account.share()));
              }
            });
  }

  /**
   * Adds the fields of an event.
   *
   * @param share of the stage's work that is done, from 0 to 1
   */
  private static void addFigures(
      ObjectNode event, Stage stage, StageFigures account, double share) {
    event.put("stage", name(stage));
    event.put("documents", account.get(Figure.DOCUMENTS));
    event.put("textBytes", account.get(Figure.TEXT_BYTES));
    event.put(stage.learnsMerges() ? "merges" : "tokens", account.get(Figure.TOKENS));
    event.put("unitsDone", account.get(Figure.UNITS_DONE));
    event.put("unitsSkipped", account.get(Figure.UNITS_SKIPPED));
    event.put("unitsPlanned", account.get(Figure.UNITS_PLANNED));
    event.put("share", Math.round(share * 1e3) / 1e3);
    event.put("threads", account.get(Figure.THREADS));
    event.put("busySeconds", account.busySeconds());
    event.put("seconds", account.seconds());
  }

  private static String name(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
