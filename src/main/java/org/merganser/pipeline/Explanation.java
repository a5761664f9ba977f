package org.merganser.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.JobWriter;
import org.merganser.pipeline.step.Stage;
import org.merganser.report.Plural;

/** The text that {@code --explain} prints: the resolved job, its stages and its units. */
final class Explanation {
  /** The most units that are listed one by one; a longer plan is summed up. */
  private static final int LISTED_UNITS = 40;

  private Explanation() {}

  static String of(PreparedRun run, Set<Stage> stages, SpaceEstimate space) {
    StringBuilder text = new StringBuilder();
    text.append("# the job, with every default\n").append(JobWriter.yaml(run.spec().job()));
    text.append("\n# stages\n");
    for (Stage stage : stages) {
      List<WorkUnit> read =
          switch (stage) {
            case COUNT -> run.trainingUnits();
            case ENCODE -> run.units();
            default -> List.of();
          };
      text.append(stage.label()).append(read.isEmpty() ? "" : ": " + size(read)).append('\n');
    }
    String leftOut = run.leftOut().toString();
    text.append(leftOut.isEmpty() ? "" : "\n# not read\n" + leftOut + "\n");
    List<String> warnings = run.leftOut().warnings();
    text.append(warnings.isEmpty() ? "" : "\n# warnings\n" + String.join("\n", warnings) + "\n");
    text.append("\n# space\n").append(space.explanation());
    List<WorkUnit> units = run.units().isEmpty() ? run.trainingUnits() : run.units();
    text.append("\n# units\n");
    units.stream().limit(LISTED_UNITS).forEach(unit -> append(unit, text));
    if (units.size() > LISTED_UNITS) {
      text.append("… and ").append(units.size() - LISTED_UNITS).append(" more\n");
    }
    return text.toString();
  }

  private static String size(List<WorkUnit> units) {
    long files = 0;
    long validation = 0;
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        files += range.start() == 0 ? 1 : 0;
        validation += range.start() == 0 && range.file().validation() ? 1 : 0;
      }
    }
    return "%s, %s%s, %s as stored"
        .formatted(
            Plural.of(units.size(), "unit"),
            Plural.of(files, "file"),
            validation == 0 ? "" : ", %,d of them for validation".formatted(validation),
            Plural.of(units.stream().mapToLong(WorkUnit::bytes).sum(), "byte"));
  }

  private static void append(WorkUnit unit, StringBuilder text) {
    text.append(String.format(Locale.ROOT, "unit %d: %,d bytes\n", unit.number(), unit.bytes()));
    for (FileRange range : unit.ranges()) {
      text.append("  ").append(range.file().path());
      if (range.start() != 0 || range.end() != range.file().size()) {
        text.append(" [").append(range.start()).append(", ").append(range.end()).append(')');
      }
      text.append(
          String.format(
              Locale.ROOT,
              " (%s, %s%s)\n",
              range.file().format().spelled(),
              range.file().compression().name().toLowerCase(Locale.ROOT),
              range.file().validation() ? ", for validation" : ""));
    }
  }
}
