package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;

/** The line of progress that a person sees while a job runs. */
final class ProgressLines {
  private ProgressLines() {}

  /** The line: the share of the complete run, then the active stages. */
  static String line(Map<Stage, StageFigures> stages) {
    List<String> current = new ArrayList<>();
    current(stages).forEach((stage, account) -> current.add(line(stage, account)));
    double mean = stages.values().stream().mapToDouble(StageFigures::share).average().orElse(0);
    return current.isEmpty()
        ? "starting: " + follows(stages)
        : String.format(Locale.ROOT, "[%d %%] %s", percent(mean), String.join("; ", current));
  }

  /** The stages of the run, by name. */
  private static String follows(Map<Stage, StageFigures> stages) {
    return stages.keySet().stream().map(Stage::label).collect(Collectors.joining(", "));
  }

  private static String line(Stage stage, StageFigures account) {
    List<String> figures = figures(stage, account);
    return String.format(
        Locale.ROOT,
        "%s %d %%%s%s",
        stage.label(),
        percent(account.share()),
        figures.isEmpty() ? "" : ": ",
        String.join(", ", figures));
  }

  /** The stages on which threads work; between two stages, the last one that has begun. */
  private static Map<Stage, StageFigures> current(Map<Stage, StageFigures> stages) {
    Map<Stage, StageFigures> atWork = new EnumMap<>(Stage.class);
    Map<Stage, StageFigures> last = Map.of();
    for (Map.Entry<Stage, StageFigures> stage : stages.entrySet()) {
      if (stage.getValue().started()) {
        last = Map.ofEntries(stage);
        if (stage.getValue().get(Figure.THREADS) > 0) {
          atWork.put(stage.getKey(), stage.getValue());
        }
      }
    }
    return atWork.isEmpty() ? last : atWork;
  }

  private static List<String> figures(Stage stage, StageFigures account) {
    List<String> figures = new ArrayList<>();
    long bytes = account.get(Figure.TEXT_BYTES);
    if (bytes > 0) {
      figures.add(TerminalText.bytes(bytes));
      figures.add(TerminalText.bytes((long) (bytes / Math.max(account.seconds(), 1e-3))) + "/s");
    }
    if (account.get(Figure.TOKENS) > 0) {
      figures.add(Plural.of(account.get(Figure.TOKENS), stage.learnsMerges() ? "merge" : "token"));
    }
    if (account.get(Figure.UNITS_PLANNED) > 1) {
      figures.add(
          Phrase.of(
              "%,d of %,d units", account.unitsComplete(), account.get(Figure.UNITS_PLANNED)));
    }
    if (account.get(Figure.UNITS_SKIPPED) > 0) {
      figures.add(Phrase.of("%,d there already", account.get(Figure.UNITS_SKIPPED)));
    }
    if (account.secondsLeft() >= 0) {
      figures.add("about " + duration(account.secondsLeft()) + " left");
    }
    return figures;
  }

  private static int percent(double share) {
    return (int) Math.floor(100 * share);
  }

  /** A time for a person: two units at most. */
  static String duration(double seconds) {
    if (seconds < 10) {
      return Phrase.of("%.1f s", seconds);
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
