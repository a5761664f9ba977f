package org.merganser.pipeline.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.job.JobException;
import org.merganser.job.JobReader;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.output.Commit;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Request;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.output.verify.ManifestVerification.Finding;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.output.version.RunLock;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.verify.VerificationReport.State;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/** Finds out whether an output folder is complete, damaged or unfinished; lists the problems. */
public final class FolderVerification {
  /** Foreign files that are named. */
  private static final int SHOWN = 10;

  private final OutputPaths paths;
  private final boolean full;
  private final @Nullable RunRecord record;

  /** The stage of a run that has not published its files; null if there is none. */
  private final @Nullable RunPaths stage;

  private @Nullable InterruptedRun run;
  private final List<String> leftovers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long documentsCompared;
  private @Nullable String goOn;
  private VerificationReport.@Nullable InterruptedRun unfinishedRun;

  /**
   * @param record of the run that published the version; null if there is none, or if it does not
   *     matter
   * @param stage as the field
   */
  private FolderVerification(
      OutputPaths paths, @Nullable RunRecord record, @Nullable RunPaths stage, boolean full) {
    this.paths = paths;
    this.record = record;
    this.stage = stage;
    this.full = full;
    this.goOn = record == null ? null : record.command();
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
    OutputPaths paths = OutputPaths.of(output, false);
    FileStore store = FileStore.of(output);
    if (!store.isFolder(output)) {
      throw new RunException(output + ": there is no such folder");
    }
    if (!store.exists(paths.at(OutputPaths.MARKER)) && !store.exists(paths.at(Manifest.FILE))) {
      throw RunException.of(
          "%s: was not written by a run: it has neither %s nor %s",
          output, Manifest.FILE, OutputPaths.MARKER);
    }
    ReadVersion version = ReadVersion.of(paths.root());
    FolderVerification verification =
        new FolderVerification(paths, RunRecord.find(paths), stage(paths), full);
    VerificationReport report;
    try {
      report = verification.verify(version);
    } catch (IOException | RuntimeException e) {
      if (isReplaced(version)) {
        return verification.publishing();
      }
      throw e;
    }
    return report.state() != State.WHOLE && isReplaced(version)
        ? verification.publishing()
        : report;
  }

  /** Whether a version was published since, or is being published now. */
  private static boolean isReplaced(ReadVersion version) throws IOException {
    OutputPaths paths = OutputPaths.of(version.root(), false);
    return Commit.state(version.root()) == Commit.State.NONE
        ? !Objects.equals(version.manifest(), Commit.manifestInPlace(version.root()))
        : RunLock.isHeldByAnother(paths);
  }

  /**
   * Compares a folder with one of its earlier versions, by the sha256 of the files of the tokenizer
   * and of the shards.
   *
   * @param version the sha256 of its manifest, or the beginning of the sha256
   * @throws RunException if there is no such version, or if several versions begin with it
   */
  public static VerificationReport verifyAt(String output, String version, List<String> beamFlags)
      throws IOException {
    RunnerFlags.useFor(output, beamFlags);
    OutputPaths paths = OutputPaths.of(output, false);
    List<OutputVersions.Version> versions = new OutputVersions(paths).history();
    List<OutputVersions.Version> meant =
        versions.stream()
            .filter(one -> !version.isEmpty() && one.sha256().startsWith(version))
            .toList();
    if (meant.size() != 1) {
      throw RunException.of(
          "%s: %s begins with %s; %s lists them",
          output,
          meant.isEmpty() ? "no version" : "more than one version",
          version.isEmpty() ? "\"\"" : version,
          ProgramCommand.line("log", output));
    }
    ManifestVerification.Result result =
        ManifestVerification.checkVersion(
            paths.root(), meant.get(0).folder(), meant.get(0).manifest());
    return new FolderVerification(paths, null, null, true).finished(result.findings(), result);
  }

  private static @Nullable RunPaths stage(OutputPaths paths) throws IOException {
    Set<String> runs = StagedFiles.runs(paths);
    return runs.isEmpty() ? null : RunPaths.of(paths, runs.iterator().next());
  }

  private VerificationReport verify(ReadVersion version) throws IOException {
    boolean held = RunLock.isHeldByAnother(paths);
    RunLock.Holder holder = RunLock.Holder.find(paths);
    if (holder != null) {
      notes.add(
          held || holder.livesHere()
              ? "a run is active: " + holder
              : "the last run ended without finishing: " + holder);
    }
    if (Commit.state(paths.root()) != Commit.State.NONE) {
      return cut();
    }
    FileStore store = FileStore.of(paths.root());
    if (!store.exists(paths.at(Manifest.FILE))) {
      String newest = record == null ? null : record.addsTo();
      ManifestVerification.Result versions =
          ManifestVerification.checkVersions(paths.root(), newest);
      return versions.findings().isEmpty() ? unfinished() : finished(versions.findings(), versions);
    }
    try {
      noteStage();
    } catch (NoSuchFileException moved) {
      if (!RunLock.isHeldByAnother(paths)) {
        throw moved;
      }
      notes.add("its files are being written, so they are not counted here");
    }
    if (!full && !FileStore.isLocal(paths.root())) {
      notes.add("not a local folder: the footers of its Parquet files are read with --full only");
    }
    ManifestVerification.Result result = ManifestVerification.check(paths.root(), full);
    List<Finding> findings = new ArrayList<>(result.findings());
    if (!FinishedOutput.at(paths).manifestUnchanged()) {
      // This finding comes first: the manifest that lists the other files may be wrong itself.
      findings.add(
          0,
          new Finding("sha256", Manifest.FILE, "was changed since the run finished; run it again"));
    }
    sayWhoseFiles(findings);
    checkJob(findings);
    if (findings.isEmpty()) {
      addOtherData(findings);
    }
    if (full && findings.isEmpty() && record != null) {
      SourceComparison comparison = new SourceComparison(paths, record, notes);
      findings.addAll(comparison.compare());
      documentsCompared = comparison.documents();
    }
    if (!findings.isEmpty() && isReplaced(version)) {
      return publishing();
    }
    // An output stays valid when its source changes later.
    if (record != null && findings.stream().anyMatch(finding -> !finding.what().equals("from"))) {
      noteDamage(store);
    }
    return finished(findings, result);
  }

  /** A job that names an unknown key, or has a value that no job may have, is damaged. */
  private void checkJob(List<Finding> findings) throws IOException {
    try {
      ObjectNode job = FinishedOutput.at(paths).manifest().job().deepCopy();
      JobReader.read(job.put("output", paths.root()), "the job in " + Manifest.FILE, "");
    } catch (JobException e) {
      findings.add(0, new Finding("unreadable", Manifest.FILE, String.valueOf(e.getMessage())));
    } catch (UnusableFileException | FileSystemException listed) {
      // The check of the manifest has found this.
    }
  }

  /** The report on a folder in which a commit has begun. */
  private VerificationReport cut() throws IOException {
    if (RunLock.isHeldByAnother(paths)) {
      return publishing();
    }
    if (Commit.state(paths.root()) == Commit.State.NONE) {
      return publishing(); // the process has ended its commit, and then its lock
    }
    notes.add(
        "the publication of a version was cut; the next command that writes here completes it,"
            + " such as running its job again");
    return report(State.UNFINISHED, List.of(), nothing());
  }

  /** The report on a folder whose files are replaced while they are read. */
  private VerificationReport publishing() {
    notes.add("a process is publishing a version, or has just done so; verify again in a moment");
    return report(State.PUBLISHING, List.of(), nothing());
  }

  private static ManifestVerification.Result nothing() {
    return new ManifestVerification.Result(List.of(), 0, 0, 0, null);
  }

  /** Says what is there of a run that has not published its files, beside the published version. */
  private void noteStage() throws IOException {
    RunRecord staged = stage == null ? null : RunRecord.find(stage);
    if (stage == null) {
      return;
    }
    long files = 0;
    long bytes = 0;
    for (FileStore.Entry entry : StagedFiles.entries(paths)) {
      files++;
      bytes += entry.size();
    }
    String command = staged == null ? "a run" : "the run " + staged.command();
    List<String> done = List.of();
    if (staged != null) {
      OutputPaths own = OutputPaths.of(paths.root(), staged.tokenizerAtRoot());
      done =
          InterruptedRun.of(new RunPaths(own, stage.stage(), stage.apart()), staged, full).done();
    }
    unfinishedRun =
        new VerificationReport.InterruptedRun(
            staged == null ? null : staged.command(), done, files, bytes);
    notes.add(
        "%s is unfinished%s; its %s (%s) wait in %s and are no part of this version"
            .formatted(
                command,
                done.isEmpty() ? "" : " (" + String.join("; ", done) + ")",
                Plural.of(files, "file"),
                Plural.of(bytes, "byte"),
                OutputFile.STAGE));
  }

  /** Says of each file that no list names whether a run wrote it. */
  private void sayWhoseFiles(List<Finding> findings) throws IOException {
    OutputCleaning cleaning = new OutputCleaning(paths);
    for (int i = 0; i < findings.size(); i++) {
      Finding finding = findings.get(i);
      if (finding.what().equals("unlisted")) {
        String whose =
            cleaning.mayDelete(finding.where())
                ? "a run wrote it, and the next run deletes it"
                : "no run wrote it: move it out of the folder";
        findings.set(
            i,
            new Finding(
                "unlisted",
                finding.where(),
                "no manifest names this file, which readers of the folder may take for a part of"
                    + " the dataset; "
                    + whose));
      }
    }
  }

  private void addOtherData(List<Finding> findings) throws IOException {
    Request request = FinishedOutput.at(paths).manifest().request();
    for (int i = 0; i < request.keys().size(); i++) {
      String read = request.keys().get("shards.from[" + i + "]");
      String from = FinishedOutput.at(paths).location("/shards/from/" + i);
      if (read != null && from != null && FileStore.of(from).exists(from + "/" + Manifest.FILE)) {
        String now = FinishedOutput.at(OutputPaths.of(from, false)).manifest().data();
        if (!read.equals(now)) {
          String detail = "has the data %s, but this output was made from %s; run its job again";
          findings.add(new Finding("from", from, detail.formatted(now, read)));
        }
      }
    }
  }

  private void noteDamage(FileStore store) {
    try {
      store.publish(paths.at(OutputPaths.DAMAGED), out -> {});
    } catch (IOException e) {
      notes.add(
          paths.at(OutputPaths.DAMAGED)
              + " cannot be written: delete the damaged files before the job runs again");
    }
  }

  private VerificationReport unfinished() throws IOException {
    RunRecord begun = stage == null ? record : RunRecord.find(stage);
    if (begun == null) {
      notes.add("the run was stopped before it had written its plan: everything is missing");
    } else {
      OutputPaths own = OutputPaths.of(paths.root(), begun.tokenizerAtRoot());
      RunPaths staged =
          stage == null ? RunPaths.unstaged(own) : new RunPaths(own, stage.stage(), stage.apart());
      run = InterruptedRun.of(staged, begun, full);
      goOn = begun.command();
    }
    Set<String> vouched = run == null ? Set.of() : run.vouched();
    FileStore store = FileStore.of(paths.root());
    OutputCleaning cleaning = new OutputCleaning(paths);
    List<String> foreign = new ArrayList<>();
    long files = 0;
    long bytes = 0;
    for (FileStore.Entry entry : OutputListing.all(paths.root())) {
      String path = store.pathWithin(paths.root(), entry.location());
      String place = OutputListing.isStaged(path) ? StagedFiles.place(path) : path;
      OutputFile row = OutputFile.of(place);
      if (FileStore.isTemporary(path)) {
        leftovers.add(path);
      } else if (row == OutputFile.CARD) { // the next run writes its own, or keeps the user's
        if (!OutputListing.isStaged(path) && !cleaning.mayDelete(path)) {
          foreign.add(path);
        }
      } else if (row != null && row.isListed() && !vouched.contains(place)) {
        boolean isLeft = OutputListing.isStaged(path) || cleaning.mayDelete(path);
        (isLeft ? leftovers : foreign).add(path);
      } else if (row == null) {
        foreign.add(path);
      }
      files++;
      bytes += entry.size();
    }
    if (!foreign.isEmpty()) {
      notes.add(
          "%s of no run, which stay: %s"
              .formatted(
                  Plural.of(foreign.size(), "file"),
                  String.join(", ", foreign.subList(0, Math.min(SHOWN, foreign.size())))));
    }
    ManifestVerification.Result looked =
        new ManifestVerification.Result(List.of(), files, bytes, 0, null);
    return report(State.UNFINISHED, List.of(), looked);
  }

  private VerificationReport finished(List<Finding> findings, ManifestVerification.Result result) {
    return report(findings.isEmpty() ? State.WHOLE : State.DAMAGED, findings, result);
  }

  private VerificationReport report(
      State state, List<Finding> findings, ManifestVerification.Result result) {
    return new VerificationReport(
        state,
        /* output= */ paths.root(),
        findings,
        /* missing= */ run == null ? List.of() : run.missing(),
        /* done= */ run == null ? List.of() : run.done(),
        leftovers,
        notes,
        goOn,
        unfinishedRun,
        result.files(),
        result.bytes(),
        result.rows(),
        documentsCompared,
        result.marks());
  }
}
