package org.merganser.pipeline.finish;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.merganser.job.JobException;
import org.merganser.message.Phrase;
import org.merganser.output.Commit;
import org.merganser.output.CommitJournal;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.CopiedCommit;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.output.version.RunLock;
import org.merganser.pipeline.output.version.WaitingVersion;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.store.FileStore;
import org.merganser.store.OpenDrafts;

/**
 * Makes the files of a run the published version of its output. {@link Commit} has the order of the
 * steps on a local disk, and {@link CopiedCommit} that on object stores and HDFS; the manifest
 * follows all files that it lists. Until the commit the files wait in the stage of the run.
 *
 * <p>The order of the calls: {@link #completeCut} before a run is prepared; {@link #begin} before
 * the run writes a file; {@link #withdraw} after its record is in the stage and before its first
 * unit; {@link #publish} after its last unit. From {@link #begin} on, the caller holds the {@link
 * RunLock} of the folder.
 */
public final class RunCommit {
  private final PreparedRun prepared;

  /** Where the files of the run wait. */
  private final RunPaths runPaths;

  /** The published files. */
  private final OutputPaths paths;

  /**
   * @param prepared the run whose files are published
   */
  public RunCommit(PreparedRun prepared) {
    this.prepared = prepared;
    this.runPaths = prepared.spec().paths();
    this.paths = prepared.paths();
  }

  /**
   * Completes a commit of an earlier run that was interrupted; acquires the lock meanwhile.
   *
   * @param command of this run, which another run that finds the folder locked reports
   * @param replace whether a journal that cannot be completed is dropped
   * @param notes receives what was done
   * @throws JobException if the journal does not fit the folder
   */
  public static void completeCut(
      OutputPaths paths, String command, boolean replace, Consumer<String> notes)
      throws IOException {
    if (Commit.state(paths.root()) == Commit.State.NONE) {
      return;
    }
    RunLock lock = RunLock.acquire(paths, command, notes);
    try (lock) {
      completeLocked(paths, replace, notes);
    }
  }

  /**
   * Completes or drops the commit, unless the process that held the lock before has ended it
   * meanwhile; the caller has the lock.
   */
  private static void completeLocked(OutputPaths paths, boolean replace, Consumer<String> notes)
      throws IOException {
    String root = paths.root();
    Commit.State state = Commit.state(root);
    if (state == Commit.State.NONE) {
      return;
    }
    if (state == Commit.State.INTERRUPTED && complete(root, replace)) {
      notes.accept(root + ": completed the publication of an earlier run, which was cut");
      return;
    }
    if (!replace) {
      throw new JobException("output", List.of(mismatch(root, state)));
    }
    Commit.deleteJournal(root);
    notes.accept(root + ": dropped the journal of a publication that cannot be completed");
  }

  /**
   * Completes an interrupted commit.
   *
   * @return false if a file of it is lost and {@code replace} allows to drop the journal
   * @throws Commit.LostFileException if a file is lost and the journal must not be dropped
   */
  private static boolean complete(String root, boolean replace) throws IOException {
    try {
      Commit.complete(root, step -> {});
      return true;
    } catch (Commit.LostFileException e) {
      if (!replace) {
        throw e;
      }
      return false;
    }
  }

  /** Why a commit cannot be completed, and what the user can do. */
  private static String mismatch(String root, Commit.State state) throws IOException {
    CommitJournal journal = CommitJournal.read(root);
    if (state == Commit.State.DAMAGED || journal == null) {
      return ("%s/%s, the journal of a publication that was cut, is damaged; put it back from a"
              + " copy, or add --replace to drop it and write the output again")
          .formatted(root, OutputFile.JOURNAL.path());
    }
    return ("%s: a publication was cut that replaces the version %s by %s, but the manifest there"
            + " now has the sha256 %s; put back the manifest that belongs to the files, or add"
            + " --replace to drop the journal and write the output again")
        .formatted(
            root,
            journal.replaces() == null ? "(none)" : journal.replaces(),
            journal.manifest(),
            Commit.manifestInPlace(root));
  }

  /**
   * Prepares the stage, and checks that the folder still has the version for which the run was
   * prepared.
   *
   * @param notes receives what the user should know
   * @throws RunException if another run has published a version since
   * @throws JobException if a file is in the place of a folder that the run needs
   */
  public void begin(Consumer<String> notes) throws IOException {
    if (Commit.state(paths.root()) != Commit.State.NONE
        || !Objects.equals(prepared.before(), Commit.manifestInPlace(paths.root()))) {
      throw new RunException(
          paths.root() + ": another run has finished here since this one began; start it again");
    }
    requireFolders();
    Set<String> unfinished = StagedFiles.runs(paths);
    boolean hasOtherRun = !unfinished.isEmpty() && !unfinished.contains(runPaths.stage());
    int kept = StagedFiles.open(runPaths);
    if (hasOtherRun && prepared.before() == null) {
      notes.accept(
          Phrase.of(
              "%s: a run that never finished has left files there, and nothing was ever published;"
                  + " this run uses those of its %,d files that it would write itself, and deletes"
                  + " the others",
              paths.root(), kept));
    }
  }

  /**
   * Checks that no file is in the place of a folder. It would otherwise stop the commit, after all
   * the work.
   */
  private void requireFolders() throws IOException {
    FileStore store = FileStore.of(paths.root());
    for (String folder : OutputListing.FOLDERS) {
      String location = paths.at(folder);
      if (FileStore.isLocal(location) && store.exists(location) && !store.isFolder(location)) {
        throw new JobException(
            "output",
            List.of(
                location
                    + " is a file, where this run needs a folder. Nothing was written: move it out"
                    + " of the way, or name another output"));
      }
    }
  }

  /**
   * Withdraws the published version if the files of units may replace its files before the commit:
   * on object stores and HDFS, unless the run only adds units. The version that a run adds to is
   * kept first.
   */
  public void withdraw() throws IOException {
    boolean replacesUnits =
        prepared.spec().addsTo() == null || JobLayouts.of(prepared.spec()).replacesParts();
    if (!FileStore.isLocal(paths.root()) && prepared.before() != null && replacesUnits) {
      if (addsToPublishedVersion()) {
        OutputVersions.keep(paths, RunPaths.unstaged(paths));
      }
      CopiedCommit.withdraw(runPaths);
    }
  }

  /**
   * Writes the records and the page of the run, and publishes the version. Everything that the
   * commit moves is in the stage before the moves are listed: the times, the kept versions, the
   * record and the page.
   *
   * @param times of the stages of the run
   * @param encoding the figures of the stage that encodes
   * @throws JobException if a file that no run wrote is in the place of one of the run
   */
  public void publish(RunTimes times, StageFigures encoding) throws IOException {
    times.publish(runPaths);
    WaitingVersion version = WaitingVersion.of(runPaths);
    List<WrittenFile> outputs = FinishedOutput.at(version).outputs();
    OutputCleaning cleaning = new OutputCleaning(paths);
    List<String> versions = keepVersions(version);
    Set<String> deletes = deletes(cleaning, outputs);
    PublishedChanges published = PublishedChanges.of(OutputCleaning.listed(paths), outputs);
    FinishedRecord.write(prepared, version, encoding, published);
    if (prepared.spec().measures()) {
      ReportPublication.publish(version, deletes);
    }
    SortedMap<String, String> moves = version.moves(versions);
    addUnreplaced(deletes, moves);
    keepCardOfUser(moves);
    deletes.removeAll(moves.keySet()); // a move replaces the file
    cleaning.requireWritable(moves.keySet());
    commit(moves, new ArrayList<>(deletes), outputs);
  }

  /**
   * The published files that the new version does not list, and the work that no later run can use.
   * A file that a move replaces may be among them.
   */
  private Set<String> deletes(OutputCleaning cleaning, List<WrittenFile> outputs)
      throws IOException {
    Set<String> deletes = new LinkedHashSet<>(cleaning.leftovers(outputs));
    if (prepared.replacesVersions()) {
      deletes.addAll(new OutputVersions(paths).ownFiles());
    }
    deletes.addAll(UnusedFiles.unused(prepared, outputs));
    return deletes;
  }

  /** Adds to the deletes the page and the note of damage of the version before, unless replaced. */
  private void addUnreplaced(Set<String> deletes, SortedMap<String, String> moves)
      throws IOException {
    for (OutputFile row : List.of(OutputFile.REPORT, OutputFile.DAMAGED)) {
      boolean isReplaced = moves.containsKey(row.path());
      if (!isReplaced && FileStore.of(paths.root()).exists(paths.at(row.path()))) {
        deletes.add(row.path());
      }
    }
  }

  /** Leaves the card of the run in the stage if README.md is now a file of the user. */
  private void keepCardOfUser(SortedMap<String, String> moves) throws IOException {
    if (CardFile.belongsToUser(paths.root(), OutputCleaning.listed(paths))) {
      String waiting = moves.remove(Manifest.CARD);
      if (waiting != null && !FileStore.isLocal(paths.root())) {
        FileStore.of(paths.root()).delete(paths.at(waiting)); // a local commit drops the stage
      }
    }
  }

  /**
   * Copies the new version of a growing output, and the version before it, to the kept ones in the
   * stage, unless they are kept already.
   *
   * @return the sha256 of each; empty for an output that does not grow
   */
  private List<String> keepVersions(WaitingVersion version) throws IOException {
    List<String> versions = new ArrayList<>();
    if (prepared.spec().appends()) {
      if (addsToPublishedVersion()) {
        versions.add(OutputVersions.keep(paths, runPaths));
      }
      versions.add(OutputVersions.keep(version, runPaths));
    }
    return versions;
  }

  /**
   * Whether the run adds to the published version, and that is undamaged; false without {@code
   * corpus.append}.
   */
  private boolean addsToPublishedVersion() throws IOException {
    String addsTo = prepared.spec().addsTo();
    return addsTo != null
        && addsTo.equals(Commit.manifestInPlace(paths.root()))
        && FinishedOutput.at(paths).wholeManifest() != null;
  }

  /**
   * Carries out the commit.
   *
   * @param moves the path of each file that is published, with the path at which it waits
   * @param outputs the files that the new version lists, whose sha256 are known
   */
  private void commit(
      SortedMap<String, String> moves, List<String> deletes, List<WrittenFile> outputs)
      throws IOException {
    if (!FileStore.isLocal(paths.root())) {
      CopiedCommit.publish(paths, moves, deletes);
      return;
    }
    Map<String, String> sums = new HashMap<>();
    outputs.forEach(file -> sums.put(file.path(), file.sha256()));
    List<CommitJournal.Move> journaled = Commit.moves(paths.root(), moves, sums);
    try {
      Commit.carryOut(
          paths.root(),
          CommitJournal.of(prepared.before(), journaled, deletes, runPaths.stageFolders()),
          RunCommit::stopIfEnding);
    } catch (Commit.TargetException e) {
      throw new JobException(
          "output",
          List.of(
              e.getMessage()
                  + "; nothing was published. Move it out of the way, or name another output"));
    }
  }

  /** A process that a signal ends makes no further step; the next command completes the commit. */
  private static void stopIfEnding(String step) throws IOException {
    if (OpenDrafts.isEnding()) {
      throw new IOException("stopped by a signal before: " + step);
    }
  }
}
