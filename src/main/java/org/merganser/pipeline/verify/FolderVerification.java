package org.merganser.pipeline.verify;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Plural;
import org.merganser.output.Commit;
import org.merganser.output.OutputFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.output.verify.ManifestVerification.Finding;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.pipeline.output.version.LockHolder;
import org.merganser.pipeline.output.version.RunLock;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.verify.VerificationReport.State;
import org.merganser.store.FileStore;

/**
 * Finds out whether an output folder is complete, damaged, unfinished or being published. {@link
 * VersionVerification} compares a folder with an earlier version.
 */
public final class FolderVerification {
  /** The maximum number of files of no run that a note names. */
  private static final int MAX_NAMED = 10;

  private final OutputPaths paths;

  /** Whether every byte is read and a sample is compared with its source. */
  private final boolean full;

  /** The run that published the version, or began the first one; null if there is none. */
  private final @Nullable RunRecord record;

  /** The stage of a run that has not published its files; null if there is none. */
  private final @Nullable RunPaths stage;

  /** What else the user should know, in sentences. */
  private final List<String> notes = new ArrayList<>();

  private FolderVerification(
      OutputPaths paths, boolean full, @Nullable RunRecord record, @Nullable RunPaths stage) {
    this.paths = paths;
    this.full = full;
    this.record = record;
    this.stage = stage;
  }

  /**
   * Verifies a folder in any file system; writes only a note of damage for the next run. In a
   * remote folder, only the full check reads the footers of Parquet files; it copies one file at a
   * time.
   *
   * @param full whether every byte is read and a sample compared with its source
   * @param beamFlags flags for Beam's file systems, such as {@code --awsRegion=eu-central-1}
   * @throws RunException if there is no run's output
   */
  public static VerificationReport verify(String output, boolean full, List<String> beamFlags)
      throws IOException {
    RunnerFlags.useFor(output, beamFlags);
    OutputPaths paths = OutputPaths.of(output);
    requireOutput(paths, output);
    ReadVersion version = ReadVersion.of(paths.root());
    FolderVerification verification =
        new FolderVerification(paths, full, RunRecord.find(paths), findStage(paths));
    VerificationReport report;
    try {
      report = verification.verify(version);
    } catch (IOException | RuntimeException e) {
      if (isReplaced(version)) {
        return verification.reportOnPublishing();
      }
      throw e;
    }
    return report.state() != State.WHOLE && isReplaced(version)
        ? verification.reportOnPublishing()
        : report;
  }

  /** Requires that a folder exists and is the output of a run. */
  private static void requireOutput(OutputPaths paths, String output) throws IOException {
    FileStore store = FileStore.of(output);
    if (!store.isFolder(output)) {
      throw new RunException(output + ": there is no such folder");
    }
    if (!store.exists(paths.at(OutputPaths.MARKER)) && !store.exists(paths.at(Manifest.FILE))) {
      throw RunException.of(
          "%s: was not written by a run: it has neither %s nor %s",
          output, Manifest.FILE, OutputPaths.MARKER);
    }
  }

  /** The first stage that is there; null if there is none. */
  private static @Nullable RunPaths findStage(OutputPaths paths) throws IOException {
    Set<String> runs = StagedFiles.runs(paths);
    return runs.isEmpty() ? null : RunPaths.of(paths, runs.iterator().next());
  }

  /** Whether a version was published since, or is being published now. */
  private static boolean isReplaced(ReadVersion version) throws IOException {
    OutputPaths paths = OutputPaths.of(version.root());
    return Commit.state(version.root()) == Commit.State.NONE
        ? !Objects.equals(version.manifest(), Commit.manifestInPlace(version.root()))
        : RunLock.isHeldByAnother(paths);
  }

  /**
   * The report on the folder as it is found.
   *
   * @param version that was in place before anything was read
   */
  private VerificationReport verify(ReadVersion version) throws IOException {
    noteActiveRun();
    if (Commit.state(paths.root()) != Commit.State.NONE) {
      return reportOnCutCommit();
    }
    return FileStore.of(paths.root()).exists(paths.at(Manifest.FILE))
        ? reportOnPublished(version)
        : reportWithoutManifest();
  }

  /** Notes a run that is active, or that ended without finishing. */
  private void noteActiveRun() throws IOException {
    boolean held = RunLock.isHeldByAnother(paths);
    LockHolder holder = LockHolder.find(paths);
    if (holder != null) {
      notes.add(
          held || holder.livesHere()
              ? "a run is active: " + holder
              : "the last run ended without finishing: " + holder);
    }
  }

  /** The report on a folder in which a commit has begun. */
  private VerificationReport reportOnCutCommit() throws IOException {
    if (RunLock.isHeldByAnother(paths)) {
      return reportOnPublishing();
    }
    if (Commit.state(paths.root()) == Commit.State.NONE) {
      return reportOnPublishing(); // the process has ended its commit, and then its lock
    }
    notes.add(
        "the publication of a version was cut; the next command that writes here completes it,"
            + " such as running its job again");
    return VerificationReport.unchecked(State.UNFINISHED, paths.root(), notes, command());
  }

  /** The report on a folder whose files are replaced while they are read. */
  private VerificationReport reportOnPublishing() {
    notes.add("a process is publishing a version, or has just done so; verify again in a moment");
    return VerificationReport.unchecked(State.PUBLISHING, paths.root(), notes, command());
  }

  /** The command of the run that published the version; null if it is not recorded. */
  private @Nullable String command() {
    return record == null ? null : record.command();
  }

  /** The report on a folder with a manifest. */
  private VerificationReport reportOnPublished(ReadVersion version) throws IOException {
    VerificationReport.UnpublishedRun unpublished = findUnpublishedRun();
    if (!full && !FileStore.isLocal(paths.root())) {
      notes.add("not a local folder: the footers of its Parquet files are read with --full only");
    }
    ManifestVerification.Result result = ManifestVerification.check(paths.root(), full);
    List<Finding> findings = PublishedFindings.of(paths, result.findings());
    long compared = 0;
    if (full && findings.isEmpty() && record != null) {
      SourceComparison.Result comparison = SourceComparison.compare(paths, record, notes);
      findings.addAll(comparison.findings());
      compared = comparison.documents();
    }
    if (!findings.isEmpty() && isReplaced(version)) {
      return reportOnPublishing();
    }
    // Other data in shards.from is no damage: an output stays valid when its source changes later.
    boolean isDamaged =
        findings.stream().anyMatch(finding -> !finding.what().equals(PublishedFindings.FROM));
    if (record != null && isDamaged) {
      noteDamage();
    }
    return VerificationReport.checked(
        paths.root(), findings, result, unpublished, notes, command(), compared);
  }

  /**
   * What is there of a run that has not published its files, beside the published version; null if
   * there is none.
   */
  private VerificationReport.@Nullable UnpublishedRun findUnpublishedRun() throws IOException {
    if (stage == null) {
      return null;
    }
    try {
      VerificationReport.UnpublishedRun run = stagedRun(stage);
      notes.add(
          "%s is unfinished%s; its %s (%s) wait in %s and are no part of this version"
              .formatted(
                  run.command() == null ? "a run" : "the run " + run.command(),
                  run.done().isEmpty() ? "" : " (" + String.join("; ", run.done()) + ")",
                  Plural.of(run.files(), "file"),
                  Plural.of(run.bytes(), "byte"),
                  OutputFile.STAGE));
      return run;
    } catch (NoSuchFileException moved) {
      if (!RunLock.isHeldByAnother(paths)) {
        throw moved;
      }
      // "Its" is the active run, which noteActiveRun has noted.
      notes.add("its files are being written, so they are not counted here");
      return null;
    }
  }

  /** The files of a stage and, if its record can be read, the finished work of its run. */
  private VerificationReport.UnpublishedRun stagedRun(RunPaths run) throws IOException {
    RunRecord staged = RunRecord.find(run);
    long files = 0;
    long bytes = 0;
    for (FileStore.Entry entry : StagedFiles.entries(paths)) {
      files++;
      bytes += entry.size();
    }
    if (staged == null) {
      String unknownCommand = null;
      return new VerificationReport.UnpublishedRun(unknownCommand, List.of(), files, bytes);
    }
    List<String> done = InterruptedRunSearch.find(pathsOf(staged, run), staged, full).done();
    return new VerificationReport.UnpublishedRun(staged.command(), done, files, bytes);
  }

  /**
   * The paths of a run, whose vocabulary may go into the root.
   *
   * @param ofStage the paths of its stage; null if it has none
   */
  private RunPaths pathsOf(RunRecord run, @Nullable RunPaths ofStage) {
    OutputPaths own = OutputPaths.of(paths.root(), run.tokenizerAtRoot());
    return ofStage == null
        ? RunPaths.unstaged(own)
        : new RunPaths(own, ofStage.stage(), ofStage.apart());
  }

  /** Leaves a note for the next run, so that it does not take the output for up to date. */
  private void noteDamage() {
    try {
      FileStore.of(paths.root()).publish(paths.at(OutputPaths.DAMAGED), out -> {});
    } catch (IOException e) {
      notes.add(
          paths.at(OutputPaths.DAMAGED)
              + " cannot be written: delete the damaged files before the job runs again");
    }
  }

  /** The report on a folder whose first run is unfinished, or whose manifest was deleted. */
  private VerificationReport reportWithoutManifest() throws IOException {
    String newest = record == null ? null : record.addsTo();
    ManifestVerification.Result versions = ManifestVerification.checkVersions(paths.root(), newest);
    return versions.findings().isEmpty()
        ? reportOnUnfinished()
        : VerificationReport.checked(paths.root(), versions, notes, command());
  }

  /** The report on a folder whose first run is unfinished. */
  private VerificationReport reportOnUnfinished() throws IOException {
    RunRecord begun = stage == null ? record : RunRecord.find(stage);
    if (begun == null) {
      notes.add("the run was stopped before it had written its plan: everything is missing");
    }
    InterruptedRun run =
        begun == null
            ? InterruptedRun.UNKNOWN
            : InterruptedRunSearch.find(pathsOf(begun, stage), begun, full);
    UnfinishedOutput found = UnfinishedOutput.of(paths, run.vouched());
    noteForeign(found.foreign());
    return VerificationReport.unfinished(
        paths.root(),
        run.missing(),
        run.done(),
        found,
        notes,
        begun == null ? command() : begun.command());
  }

  /** Notes the files that no run wrote. */
  private void noteForeign(List<String> foreign) {
    if (!foreign.isEmpty()) {
      List<String> named = foreign.subList(0, Math.min(MAX_NAMED, foreign.size()));
      notes.add(
          "%s of no run, which stay: %s"
              .formatted(Plural.of(foreign.size(), "file"), String.join(", ", named)));
    }
  }
}
