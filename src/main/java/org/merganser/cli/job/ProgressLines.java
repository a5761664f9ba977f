package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageAccount;
import org.merganser.pipeline.step.StageAccount.Figure;
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
  List<String> bars(Map<Stage, StageAccount> stages, int columns) {
    List<String> lines = new ArrayList<>();
    current(stages)
        .forEach(
            (stage, account) -> {
              String figures = String.join("  ", figures(stage, account));
              lines.add(bar(stage.label(), account.share(), figures, columns));
            });
    lines.add(bar("whole run", mean(stages), "", columns));
    return lines;
  }

  /** The mean share of the stages of a run, from 0 to 1. */
  private static double mean(Map<Stage, StageAccount> stages) {
    return stages.values().stream().mapToDouble(StageAccount::share).average().orElse(0);
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
  static String line(Map<Stage, StageAccount> stages) {
    List<String> current = new ArrayList<>();
    current(stages).forEach((stage, account) -> current.add(line(stage, account)));
    return current.isEmpty()
        ? "starting"
        : "[%d %%] %s".formatted(percent(mean(stages)), String.join("; ", current));
  }

  private static String line(Stage stage, StageAccount account) {
    List<String> figures = figures(stage, account);
    return "%s %d %%%s%s"
        .formatted(
            stage.label(),
            percent(account.share()),
            figures.isEmpty() ? "" : ": ",
            String.join(", ", figures));
  }

  /** What a stage has done when it has finished. */
  static String finished(Stage stage, StageAccount account) {
    List<String> figures = new ArrayList<>();
    if (account.get(Figure.DOCUMENTS) > 0) {
      figures.add(Plural.of(account.get(Figure.DOCUMENTS), "document"));
    }
    figures.addAll(amounts(stage, account));
    return String.format(
        Locale.ROOT,
        "%-" + LABEL + "s done in %s%s",
        stage.label(),
        duration(account.seconds()),
        figures.isEmpty() ? "" : ": " + String.join(", ", figures));
  }

  /** The stages that threads work on; between two, the last one that has begun. */
  private static Map<Stage, StageAccount> current(Map<Stage, StageAccount> stages) {
    Map<Stage, StageAccount> atWork = new EnumMap<>(Stage.class);
    Map<Stage, StageAccount> last = Map.of();
    for (Map.Entry<Stage, StageAccount> stage : stages.entrySet()) {
      if (stage.getValue().started()) {
        last = Map.ofEntries(stage);
        if (stage.getValue().get(Figure.THREADS) > 0) {
          atWork.put(stage.getKey(), stage.getValue());
        }
      }
    }
    return atWork.isEmpty() ? last : atWork;
  }

  private static List<String> figures(Stage stage, StageAccount account) {
    List<String> figures = new ArrayList<>(amounts(stage, account));
    if (account.get(Figure.UNITS_PLANNED) > 1) {
      figures.add(
          String.format(
              Locale.ROOT, "%,d of %,d units", account.done(), account.get(Figure.UNITS_PLANNED)));
      if (account.get(Figure.UNITS_SKIPPED) > 0) {
        figures.add(
            String.format(Locale.ROOT, "%,d there already", account.get(Figure.UNITS_SKIPPED)));
      }
    }
    return figures;
  }

  private static List<String> amounts(Stage stage, StageAccount account) {
    List<String> figures = new ArrayList<>();
    long bytes = account.get(Figure.TEXT_BYTES);
    if (bytes > 0) {
      figures.add(SummaryPrinter.bytes(bytes));
      figures.add(SummaryPrinter.bytes((long) (bytes / Math.max(account.seconds(), 1e-3))) + "/s");
    }
    if (account.get(Figure.TOKENS) > 0) {
      figures.add(Plural.of(account.get(Figure.TOKENS), stage.learnsMerges() ? "merge" : "token"));
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
