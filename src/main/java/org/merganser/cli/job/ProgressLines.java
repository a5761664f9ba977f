package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;

/** Makes the texts of progress for a person: the line while a job runs, and durations. */
final class ProgressLines {
  private ProgressLines() {}

  /**
   * The line while a job runs: the share of the complete run, as if its stages took equal times,
   * then the active stages.
   *
   * @param stages all stages of the run, in their order
   */
  static String line(Map<Stage, StageFigures> stages) {
    List<String> active = new ArrayList<>();
    activeStages(stages).forEach((stage, figures) -> active.add(ofStage(stage, figures)));
    if (active.isEmpty()) {
      return "starting: "
          + stages.keySet().stream().map(Stage::label).collect(Collectors.joining(", "));
    }
    double mean = stages.values().stream().mapToDouble(StageFigures::share).average().orElse(0);
    return Phrase.of("[%d %%] %s", percent(mean), String.join("; ", active));
  }

  /** The part of the line about a stage: its name, its share and its figures. */
  private static String ofStage(Stage stage, StageFigures figures) {
    List<String> texts = knownFigures(stage, figures);
    return Phrase.of(
        "%s %d %%%s%s",
        stage.label(),
        percent(figures.share()),
        texts.isEmpty() ? "" : ": ",
        String.join(", ", texts));
  }

  /** The stages on which threads work; between two stages, the last one that has begun. */
  private static Map<Stage, StageFigures> activeStages(Map<Stage, StageFigures> stages) {
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

  /** The figures of a stage that are known, each with its unit. */
  private static List<String> knownFigures(Stage stage, StageFigures figures) {
    List<String> texts = new ArrayList<>();
    long bytes = figures.get(Figure.TEXT_BYTES);
    if (bytes > 0) {
      texts.add(TerminalText.bytes(bytes));
      double seconds = Math.max(figures.seconds(), 1e-3); // never 0
      texts.add(TerminalText.bytes((long) (bytes / seconds)) + "/s");
    }
    if (figures.get(Figure.TOKENS) > 0) {
      texts.add(Plural.of(figures.get(Figure.TOKENS), stage.learnsMerges() ? "merge" : "token"));
    }
    if (figures.get(Figure.UNITS_PLANNED) > 1) {
      texts.add(
          Phrase.of(
              "%,d of %,d units", figures.unitsComplete(), figures.get(Figure.UNITS_PLANNED)));
    }
    if (figures.get(Figure.UNITS_SKIPPED) > 0) {
      texts.add(Phrase.of("%,d there already", figures.get(Figure.UNITS_SKIPPED)));
    }
    if (figures.secondsLeft() >= 0) {
      texts.add("about " + duration(figures.secondsLeft()) + " left");
    }
    return texts;
  }

  /** A share in per cent, rounded down, so that 100 means that all is done. */
  private static int percent(double share) {
    return (int) Math.floor(100 * share);
  }

  /**
   * A time for a person, such as {@code 3 min 20 s}: up to two minutes in seconds, up to two hours
   * in minutes and seconds, else in hours and minutes.
   */
  static String duration(double seconds) {
    if (seconds < 10) {
      return Phrase.of("%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    long minutes = whole / 60;
    return whole < 7200
        ? minutes + " min " + whole % 60 + " s"
        : minutes / 60 + " h " + minutes % 60 + " min";
  }
}
