package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.JobChange;
import org.merganser.job.JobWriter;
import org.merganser.job.key.KeyRole;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.Commit;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.verify.InterruptedRun;
import org.merganser.store.FileStore;

/** The text of {@code --explain}: the resolved job, its stages and its units. */
public final class Explanation {
  private static final int LISTED_UNITS = 40;

  private static final String CHANGED = "\n# changed keys\n";

  private Explanation() {}

  public static String of(
      PreparedRun run, Set<Stage> stages, List<JobChange> changes, SpaceEstimate space)
      throws IOException {
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
    for (JobChange change : changes) {
      text.append(text.indexOf(CHANGED) < 0 ? CHANGED : "").append(change).append('\n');
      Set<Stage> decided = Stage.ofKey(change.key());
      decided.remove(Stage.MANIFEST); // written by every run
      Set<Stage> after = Stage.after(decided);
      if (change.key().decides(Set.of(KeyRole.GROUPS))) {
        after.add(Stage.COUNT); // if counts are separated by group
      }
      Set<Stage> others = EnumSet.complementOf(EnumSet.of(Stage.MANIFEST));
      others.removeAll(decided);
      others.removeAll(after);
      text.append(labels("  runs again: ", decided, stages));
      text.append(labels("  runs again if its input changes: ", after, stages));
      text.append(labels("  does not run again: ", others, stages));
    }
    String skipped = run.skipped().toString();
    text.append(skipped.isEmpty() ? "" : "\n# not read\n" + skipped + "\n");
    List<String> warnings = run.skipped().warnings();
    text.append(warnings.isEmpty() ? "" : "\n# warnings\n" + String.join("\n", warnings) + "\n");
    if (run.spec().measures() && run.spec().job().report().documents() > 0) {
      text.append(
          "\n# text in the page\nreport.html has text of %s at most (report.documents)\n"
              .formatted(Plural.of(run.spec().job().report().documents(), "document")));
    }
    text.append("\n# space\n").append(space.explanation());
    text.append("\n# published files\n").append(published(run, changes, space));
    List<WorkUnit> units = run.units().isEmpty() ? run.trainingUnits() : run.units();
    text.append("\n# units\n");
    units.stream().limit(LISTED_UNITS).forEach(unit -> append(unit, text));
    if (units.size() > LISTED_UNITS) {
      text.append("… and ").append(units.size() - LISTED_UNITS).append(" more\n");
    }
    return text.toString();
  }

  /** What the run would do to the published files, as far as it is known before training. */
  private static String published(PreparedRun run, List<JobChange> changes, SpaceEstimate space)
      throws IOException {
    String root = run.paths().root();
    String cut =
        Commit.state(root) == Commit.State.NONE
            ? ""
            : "the publication of an earlier run was cut; the next run completes it first\n";
    List<WrittenFile> listed = OutputCleaning.listed(run.paths());
    if (listed.isEmpty()) {
      return cut
          + "nothing is published there; this run publishes its files when all are written\n";
    }
    boolean all = !changes.isEmpty();
    Set<String> ofUnits = new TreeSet<>();
    for (WrittenFile file : listed) {
      if (all || OutputFile.of(file.path()) != OutputFile.SHARD) {
        ofUnits.add(file.path());
      }
    }
    String where =
        FileStore.isLocal(root)
            ? "in one commit when all files are written; until then the published version stays"
            : "in place while the run is active, since this store has no rename; readers should use"
                + " a kept version, or wait";
    return cut
        + "%s; at most %s of %s are replaced or deleted, %s\n"
            .formatted(
                Plural.of(space.units(), "unit") + " to encode",
                Plural.of(ofUnits.size(), "file"),
                Plural.of(listed.size(), "published file"),
                where);
  }

  private static String labels(String what, Set<Stage> some, Set<Stage> planned) {
    String labels =
        planned.stream().filter(some::contains).map(Stage::label).collect(Collectors.joining(", "));
    return labels.isEmpty() ? "" : what + labels + "\n";
  }

  private static String size(List<WorkUnit> units) {
    long files = 0;
    long validation = 0;
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        if (range.start() == 0) {
          files++;
          if (range.file().validation()) {
            validation++;
          }
        }
      }
    }
    return "%s, %s%s, %s as stored"
        .formatted(
            Plural.of(units.size(), "unit"),
            Plural.of(files, "file"),
            validation == 0
                ? ""
                : String.format(Locale.ROOT, ", %,d of them for validation", validation),
            Plural.of(units.stream().mapToLong(WorkUnit::bytes).sum(), "byte"));
  }

  private static void append(WorkUnit unit, StringBuilder text) {
    text.append(Phrase.of("unit %d: %,d bytes\n", unit.number(), unit.bytes()));
    for (FileRange range : unit.ranges()) {
      text.append(
          Phrase.of(
              "  %s (%s, %s%s)\n",
              InterruptedRun.phrase(range),
              range.file().format().spelled(),
              range.file().compression().name().toLowerCase(Locale.ROOT),
              range.file().validation() ? ", for validation" : ""));
    }
  }
}
