package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.merganser.report.Plural;

/** What is said of a run's progress: on a terminal a line with a bar for each stage at work. */
final class ProgressLines {
  private static final int BAR = 20;
  private static final int LABEL = 16;
  private static final String GREEN = "\u001B[32m";
  private static final String PLAIN = "\u001B[0m";

  private final boolean color;
  private final String full;
  private final String empty;

  /**
   * @param color whether bars are green
   * @param unicode whether bars are block characters and not ASCII
   */
  ProgressLines(boolean color, boolean unicode) {
    this.color = color;
    this.full = unicode ? "█" : "#";
    this.empty = unicode ? "░" : "-";
  }

  /** The stages at work and the whole run, each with a bar; cut to a width in columns. */
  List<String> bars(List<StageProgress> stages, int columns) {
    List<String> lines = new ArrayList<>();
    for (StageProgress stage : current(stages)) {
      lines.add(
          bar(stage.stage().label(), stage.share(), String.join("  ", figures(stage)), columns));
    }
    lines.add(bar("whole run", StageProgress.mean(stages), "", columns));
    return lines;
  }

  private String bar(String label, double share, String figures, int columns) {
    int done = (int) (share * BAR);
    String before = String.format(Locale.ROOT, "%-" + LABEL + "s ", label);
    String after = String.format(Locale.ROOT, " %3d %%  %s", percent(share), figures);
    int room = Math.max(0, columns - before.length() - BAR);
    return before
        + (color ? GREEN : "")
        + full.repeat(done)
        + empty.repeat(BAR - done)
        + (color ? PLAIN : "")
        + after.substring(0, Math.min(room, after.length())).stripTrailing();
  }

  /** One line without bars, for a pipe or a log file. */
  static String line(List<StageProgress> stages) {
    List<StageProgress> current = current(stages);
    if (current.isEmpty()) {
      return "starting";
    }
    String said =
        current.stream()
            .map(
                stage ->
                    "%s %d %%: %s"
                        .formatted(
                            stage.stage().label(),
                            percent(stage.share()),
                            String.join(", ", figures(stage))))
            .map(text -> text.endsWith(": ") ? text.substring(0, text.length() - 2) : text)
            .collect(Collectors.joining("; "));
    return "[%d %%] %s".formatted(percent(StageProgress.mean(stages)), said);
  }

  /** What a stage has done when it has finished. */
  static String finished(StageProgress stage) {
    List<String> figures = new ArrayList<>();
    if (stage.documents() > 0) {
      figures.add(Plural.of(stage.documents(), "document"));
    }
    figures.addAll(amounts(stage));
    return String.format(
        Locale.ROOT,
        "%-" + LABEL + "s done in %s%s",
        stage.stage().label(),
        duration(stage.seconds()),
        figures.isEmpty() ? "" : ": " + String.join(", ", figures));
  }

  /** The stages that threads work on; between two, the last one that has begun. */
  private static List<StageProgress> current(List<StageProgress> stages) {
    List<StageProgress> atWork = stages.stream().filter(stage -> stage.threads() > 0).toList();
    if (!atWork.isEmpty()) {
      return atWork;
    }
    List<StageProgress> started = stages.stream().filter(StageProgress::started).toList();
    return started.isEmpty() ? List.of() : started.subList(started.size() - 1, started.size());
  }

  private static List<String> figures(StageProgress stage) {
    List<String> figures = new ArrayList<>(amounts(stage));
    if (stage.unitsPlanned() > 1) {
      figures.add(
          String.format(
              Locale.ROOT,
              "%,d of %,d units",
              stage.unitsDone() + stage.unitsSkipped(),
              stage.unitsPlanned()));
      if (stage.unitsSkipped() > 0) {
        figures.add(String.format(Locale.ROOT, "%,d there already", stage.unitsSkipped()));
      }
    }
    return figures;
  }

  private static List<String> amounts(StageProgress stage) {
    List<String> figures = new ArrayList<>();
    double seconds = Math.max(stage.seconds(), 1e-3);
    if (stage.bytes() > 0) {
      figures.add(SummaryPrinter.bytes(stage.bytes()));
      figures.add(SummaryPrinter.bytes((long) (stage.bytes() / seconds)) + "/s");
    }
    if (stage.tokens() > 0) {
      figures.add(Plural.of(stage.tokens(), stage.stage().learnsMerges() ? "merge" : "token"));
    }
    return figures;
  }

  /** Never 100 before the end. */
  private static int percent(double share) {
    return (int) Math.floor(100 * share);
  }

  /** A time for a person: two units at most. */
  static String duration(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    return whole < 7200
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
