package org.merganser.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.step.Stage;

/**
 * The events of stages, made by looking at their meters from time to time: each begins once and
 * ends once, in order, however short it is.
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

  /** Tells which stages have begun and ended since the last look. */
  void look() {
    for (Stage stage : Stage.values()) {
      if (run.meter(stage).started() && started.add(stage)) {
        log.write("stage.started", event -> event.put("stage", name(stage)));
      }
    }
    for (Stage stage : started) {
      if (run.finished(stage)) {
        finish(stage);
      }
    }
  }

  /** Tells how far each stage is that has begun and not ended. */
  void progress() {
    for (Stage stage : started) {
      if (!finished.contains(stage)) {
        log.write("progress", event -> figures(event, stage));
      }
    }
  }

  /** The run has ended well: so have all stages. */
  void end() {
    look();
    started.forEach(this::finish);
  }

  private void finish(Stage stage) {
    if (finished.add(stage)) {
      log.write("stage.finished", event -> figures(event, stage));
    }
  }

  private void figures(ObjectNode event, Stage stage) {
    StageProgress progress = StageProgress.of(run, stage);
    event.put("stage", name(stage));
    event.put("documents", progress.documents());
    event.put("textBytes", progress.bytes());
    event.put(stage.learnsMerges() ? "merges" : "tokens", progress.tokens());
    event.put("unitsDone", progress.unitsDone());
    event.put("unitsSkipped", progress.unitsSkipped());
    event.put("unitsPlanned", progress.unitsPlanned());
    event.put("share", Math.round(progress.share() * 1e3) / 1e3);
    event.put("threads", progress.threads());
    event.put("busySeconds", progress.busySeconds());
    event.put("seconds", progress.seconds());
  }

  /** As events spell it. */
  private static String name(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
