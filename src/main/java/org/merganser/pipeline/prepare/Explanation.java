package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
import org.merganser.pipeline.output.finished.FinishedField;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.spec.Stage;
import org.merganser.store.FileStore;

/** The text of {@code --explain}: the resolved job, its stages and its units. */
public final class Explanation {
  /** The maximum number of units that are listed with their files. */
  private static final int LISTED_UNITS = 40;

  private final PreparedRun run;

  /** The planned stages, in order. */
  private final Set<Stage> stages;

  /** The keys in which the job differs from that of the output. */
  private final List<JobChange> changes;

  private final SpaceEstimate space;
  private final StringBuilder text = new StringBuilder();

  private Explanation(
      PreparedRun run, Set<Stage> stages, List<JobChange> changes, SpaceEstimate space) {
    this.run = run;
    this.stages = stages;
    this.changes = changes;
    this.space = space;
  }

  /**
   * The text about a run that has not begun.
   *
   * @param stages that are planned, in order
   * @param changes the keys in which the job differs from that of the output
   */
  public static String of(
      PreparedRun run, Set<Stage> stages, List<JobChange> changes, SpaceEstimate space)
      throws IOException {
    Explanation explanation = new Explanation(run, stages, changes, space);
    explanation.addAll();
    return explanation.text.toString();
  }

  /** Adds all sections, in order. */
  private void addAll() throws IOException {
    text.append("# the job, with every default\n").append(JobWriter.yaml(run.spec().job()));
    addStages();
    addChanges();
    addReading();
    text.append("\n# space\n").append(space.explanation());
    text.append("\n# published files\n").append(publishedFiles());
    addUnits();
  }

  /** Adds the planned stages; those that count and encode text with its size. */
  private void addStages() {
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
  }

  /** The numbers of units, files, files for validation, and bytes. */
  private static String size(List<WorkUnit> units) {
    long files = 0;
    long validation = 0;
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        boolean beginsFile = range.start() == 0; // so a file of several ranges counts once
        if (beginsFile) {
          files++;
        }
        if (beginsFile && range.file().validation()) {
          validation++;
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

  /** Adds each changed key with the stages that run again for it. */
  private void addChanges() {
    if (!changes.isEmpty()) {
      text.append("\n# changed keys\n");
    }
    for (JobChange change : changes) {
      text.append(change).append('\n');
      Set<Stage> decided = Stage.ofKey(change.key());
      decided.remove(Stage.MANIFEST); // written by every run
      Set<Stage> after = Stage.after(decided);
      if (change.key().hasRole(Set.of(KeyRole.GROUPS))) {
        after.add(Stage.COUNT); // if counts are separated by group
      }
      Set<Stage> others = EnumSet.complementOf(EnumSet.of(Stage.MANIFEST));
      others.removeAll(decided);
      others.removeAll(after);
      addPlanned("  runs again: ", decided);
      addPlanned("  runs again if its input changes: ", after);
      addPlanned("  does not run again: ", others);
    }
  }

  /** Adds a line with those of some stages that are planned; nothing if none is. */
  private void addPlanned(String label, Set<Stage> some) {
    String labels =
        stages.stream().filter(some::contains).map(Stage::label).collect(Collectors.joining(", "));
    if (!labels.isEmpty()) {
      text.append(label).append(labels).append('\n');
    }
  }

  /** Adds what is not read of the inputs, and what is shown of their text. */
  private void addReading() {
    String skipped = run.skipped().toString();
    if (!skipped.isEmpty()) {
      text.append("\n# not read\n").append(skipped).append('\n');
    }
    List<String> warnings = run.skipped().warnings();
    if (!warnings.isEmpty()) {
      text.append("\n# warnings\n").append(String.join("\n", warnings)).append('\n');
    }
    if (run.spec().measures() && run.spec().job().report().documents() > 0) {
      text.append(
          "\n# text in the page\nreport.html has text of %s at most (report.documents)\n"
              .formatted(Plural.of(run.spec().job().report().documents(), "document")));
    }
  }

  /** What the run would do to the published files, as far as it is known before training. */
  private String publishedFiles() throws IOException {
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
    boolean keepsShards = changes.isEmpty() && keepsShardsOfSameJob();
    long replaced =
        listed.stream()
            .map(WrittenFile::path)
            .filter(path -> !keepsShards || OutputFile.of(path) != OutputFile.SHARD)
            .distinct()
            .count();
    String where =
        FileStore.isLocal(root)
            ? "in one commit when all files are written; until then the published version stays"
            : "in place while the run is active, since this store has no rename; readers should use"
                + " a kept version, or wait";
    return cut
        + "%s; at most %s of %s are replaced or deleted, %s\n"
            .formatted(
                Plural.of(space.units(), "unit") + " to encode",
                Plural.of(replaced, "file"),
                Plural.of(listed.size(), "published file"),
                where);
  }

  /**
   * Whether a run of the same job keeps all published shards: it adds to their version, or has the
   * same input.
   */
  private boolean keepsShardsOfSameJob() throws IOException {
    return run.spec().addsTo() != null
        || FinishedField.FINGERPRINT.in(run.paths()).asText().equals(run.fingerprint());
  }

  /** Adds the first units that are encoded, or else counted. */
  private void addUnits() {
    List<WorkUnit> units = run.units().isEmpty() ? run.trainingUnits() : run.units();
    text.append("\n# units\n");
    units.stream().limit(LISTED_UNITS).forEach(this::addUnit);
    if (units.size() > LISTED_UNITS) {
      text.append("… and ").append(units.size() - LISTED_UNITS).append(" more\n");
    }
  }

  /** Adds a unit and the ranges that it reads. */
  private void addUnit(WorkUnit unit) {
    text.append(Phrase.of("unit %d: %,d bytes\n", unit.number(), unit.bytes()));
    for (FileRange range : unit.ranges()) {
      text.append(
          Phrase.of(
              "  %s (%s, %s%s)\n",
              range.phrase(),
              range.file().format().spelled(),
              range.file().compression().name().toLowerCase(Locale.ROOT),
              range.file().validation() ? ", for validation" : ""));
    }
  }
}
