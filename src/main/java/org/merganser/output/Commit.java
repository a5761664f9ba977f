package org.merganser.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.store.FileStore;
import org.merganser.store.IrregularFileException;
import org.merganser.store.LocalDisk;
import org.merganser.store.NamedOutputStream;
import org.merganser.store.PathAttributes;

/**
 * Replaces the published version of a local output folder by the files of its stage, in one short
 * sequence of renames and deletes. A journal is on the disk before the first of them. Each step can
 * be repeated, so a commit that was interrupted at any step is completed by repeating all.
 *
 * <p>The order: the old manifest and the record of its run are deleted; files are moved to their
 * places; files that belong to no version are deleted; each changed folder is forced to disk once;
 * the new manifest and record are moved to their places; the stage and then the journal are
 * deleted. So a manifest never lists other bytes than those that are there. The caller holds the
 * lock of the folder.
 *
 * <p>The cost is a rename for each file (0.7 ms if it replaces one) and a force for each folder.
 */
public final class Commit {
  /** How a folder relates to the journal in it. */
  public enum State {
    /** There is no journal, so there is nothing to complete. */
    NONE,

    /**
     * A commit was interrupted and can be completed: the manifest in place is the one that the
     * journal replaces or the new one, or there is none.
     */
    INTERRUPTED,

    /** The journal cannot be read, or names a place outside of the folder. */
    DAMAGED,

    /**
     * The manifest in place is neither the one that the journal replaces nor the new one; it may be
     * from a backup.
     */
    OF_ANOTHER_VERSION
  }

  /** The longest wait for a moved file: NFS may show a new name only after some seconds. */
  private static final long PATIENCE_SECONDS = 60;

  /** The pause before each look for a moved file. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final String MANIFEST = OutputFile.MANIFEST.path();

  private static final String FINISHED = OutputFile.FINISHED.path();

  /** The location of the output folder. */
  private final String root;

  /** The absolute path of the output folder. */
  private final Path folder;

  private final CommitJournal journal;

  /** Called with the name of each step before it is carried out. */
  private final IOConsumer<String> steps;

  /** The folders in which names have changed since the last force. */
  private final Set<Path> changed = new LinkedHashSet<>();

  private Commit(String root, CommitJournal journal, IOConsumer<String> steps) throws IOException {
    this.root = root;
    this.folder = FileStore.localPath(root).toAbsolutePath();
    this.journal = journal;
    this.steps = steps;
  }

  /**
   * Prepares the folders of all targets, writes the journal, and carries it out.
   *
   * @param steps called before each step with its name; throws to stop there
   * @throws TargetException naming a target that cannot be written, before anything has changed
   */
  public static void carryOut(String root, CommitJournal journal, IOConsumer<String> steps)
      throws IOException {
    Commit commit = new Commit(root, journal, steps);
    commit.prepareTargets();
    steps.accept("journal");
    journal.publish(root);
    commit.runSteps();
  }

  /** The state of an output folder; always {@link State#NONE} if it is not local. */
  public static State state(String root) throws IOException {
    if (!FileStore.isLocal(root) || !CommitJournal.exists(root)) {
      return State.NONE;
    }
    CommitJournal journal = CommitJournal.read(root);
    if (journal == null) {
      return State.DAMAGED;
    }
    String inPlace = manifestInPlace(root);
    return inPlace == null
            || inPlace.equals(journal.replaces())
            || inPlace.equals(journal.manifest())
        ? State.INTERRUPTED
        : State.OF_ANOTHER_VERSION;
  }

  /**
   * The sha256 of the manifest in place; null if there is none, or it is not a regular file.
   *
   * @throws FileSystemException naming the manifest if it cannot be read
   */
  public static @Nullable String manifestInPlace(String root) throws IOException {
    String location = root + "/" + MANIFEST;
    if (!FileStore.of(location).exists(location)) {
      return null;
    }
    try {
      return FileStore.sha256(location);
    } catch (NoSuchFileException | IrregularFileException notAFile) {
      return null; // a FIFO or a folder is no manifest; whoever reads it says so
    }
  }

  /**
   * Completes a commit that was interrupted; does nothing without a journal that can be read. The
   * caller holds the lock, and has seen that the {@link #state} is {@link State#INTERRUPTED}.
   *
   * @param steps called before each step with its name; throws to stop there
   */
  public static void complete(String root, IOConsumer<String> steps) throws IOException {
    CommitJournal journal = CommitJournal.read(root);
    if (journal != null) {
      new Commit(root, journal, steps).runSteps();
    }
  }

  /** Deletes the journal, without carrying it out. */
  public static void deleteJournal(String root) throws IOException {
    Path folder = FileStore.localPath(root).toAbsolutePath();
    Path file = folder.resolve(OutputFile.JOURNAL.path());
    LocalDisk.delete(file);
    LocalDisk.forceFolder(LocalDisk.folder(file));
  }

  /**
   * The moves of a journal, in the order of their places. Reads the size and time of each file.
   *
   * @param root the output folder
   * @param files where each file waits, by its place, in natural order; both are relative to the
   *     output
   * @param sums the sha256 of each file by its place; a file without one is read
   */
  public static List<CommitJournal.Move> moves(
      String root, SortedMap<String, String> files, Map<String, String> sums) throws IOException {
    Path folder = FileStore.localPath(root).toAbsolutePath();
    List<CommitJournal.Move> moves = new ArrayList<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path from = folder.resolve(file.getValue());
      BasicFileAttributes found = Files.readAttributes(from, BasicFileAttributes.class);
      String known = sums.get(file.getKey());
      moves.add(
          new CommitJournal.Move(
              file.getKey(),
              file.getValue(),
              found.size(),
              modifiedNanos(found),
              known == null ? Sha256.of(from) : known));
    }
    return moves;
  }

  /**
   * Creates the target folders and forces them to disk, and tries a rename and a delete in each. A
   * full or read-only disk, or another file system, must fail here and not between two moves.
   */
  private void prepareTargets() throws IOException {
    Set<Path> targets = new LinkedHashSet<>();
    for (CommitJournal.Move move : journal.moves()) {
      Path target = folder.resolve(move.path());
      if (PathAttributes.isFolder(target)) {
        throw new TargetException(target, "is a folder, where this run has to write a file");
      }
      Path from = folder.resolve(move.from());
      if (!PathAttributes.exists(from)) {
        throw new NoSuchFileException(from.toString());
      }
      if (targets.add(LocalDisk.folder(target))) {
        prepareFolder(LocalDisk.folder(from), LocalDisk.folder(target));
      }
    }
  }

  /** Creates a target folder, and tries a rename into it from a folder of the stage. */
  private static void prepareFolder(Path from, Path target) throws IOException {
    try {
      LocalDisk.createFolders(target);
      tryMove(from, target);
    } catch (FileAlreadyExistsException e) {
      throw new TargetException(target, "is a file, where this run needs a folder");
    } catch (AccessDeniedException | AtomicMoveNotSupportedException e) {
      throw new TargetException(
          target, "no file can be moved there and deleted: " + e.getMessage());
    } // the error of a full or broken disk is not replaced, since another try may help
  }

  /** Moves a file from one folder to another and deletes it. */
  private static void tryMove(Path stage, Path target) throws IOException {
    String name = FileStore.TEMPORARY_PREFIX + "probe-" + ProcessHandle.current().pid();
    Path probe = stage.resolve(name);
    Path moved = target.resolve(name);
    try {
      try (OutputStream out = NamedOutputStream.of(probe)) {
        out.write('\n');
      }
      LocalDisk.move(probe, moved);
    } finally {
      LocalDisk.delete(probe);
      LocalDisk.delete(moved);
    }
  }

  /** Carries out the journal, whatever part of it has been carried out before. */
  private void runSteps() throws IOException {
    withdrawOldVersion();
    for (CommitJournal.Move move : journal.moves()) {
      if (!announcesVersion(move)) {
        move(move);
      }
    }
    for (String path : journal.deletes()) {
      delete(path);
    }
    forceChanged();
    for (CommitJournal.Move move : journal.moves()) {
      if (announcesVersion(move)) {
        move(move);
        forceChanged();
      }
    }
    for (String stage : journal.stages()) {
      steps.accept("drop " + stage);
      LocalDisk.deleteTree(folder.resolve(stage));
    }
    steps.accept("drop the journal");
    deleteJournal(root);
  }

  /**
   * Whether a move shows that the new version is complete: of the manifest, or the run's record.
   */
  private static boolean announcesVersion(CommitJournal.Move move) {
    return move.path().equals(MANIFEST) || move.path().equals(FINISHED);
  }

  /**
   * Deletes the manifest that is replaced, and the record of its run. If the new file is not in the
   * stage, an earlier attempt has moved it, and the file in place is the new one.
   */
  private void withdrawOldVersion() throws IOException {
    for (CommitJournal.Move move : journal.moves()) {
      if (announcesVersion(move) && PathAttributes.exists(folder.resolve(move.from()))) {
        delete(move.path());
      }
    }
    forceChanged();
  }

  /** Moves a file to its place, unless an earlier attempt has moved it. */
  private void move(CommitJournal.Move move) throws IOException {
    steps.accept("move " + move.path());
    Path from = folder.resolve(move.from());
    Path target = folder.resolve(move.path());
    try {
      LocalDisk.createFolders(LocalDisk.folder(target)); // a copy of the output may lack it
      LocalDisk.move(from, target);
    } catch (NoSuchFileException e) {
      // An earlier attempt has moved it, or NFS has lost the answer to a rename that happened.
      requireMoved(move, target);
    }
    changed.add(LocalDisk.folder(target));
  }

  /** Requires that the target has the bytes of a move whose file no longer waits. */
  private void requireMoved(CommitJournal.Move move, Path target) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean exists = PathAttributes.exists(target);
    while (!exists && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
      LocalDisk.children(LocalDisk.folder(target)); // lets NFS ask for the names again
      exists = PathAttributes.exists(target);
    }
    if (exists && hasBytesOf(move, target)) {
      return;
    }
    throw new LostFileException(
        target,
        "the commit that was cut cannot be completed: neither this file nor "
            + folder.resolve(move.from())
            + " has the bytes with the sha256 "
            + move.sha256()
            + "; put one of them back from a copy, or run the job with --replace");
  }

  /** Whether a file is that of a move, by its size and time or its checksum. */
  private static boolean hasBytesOf(CommitJournal.Move move, Path file) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    return found.size() == move.size()
        && (modifiedNanos(found) == move.modified() || Sha256.of(file).equals(move.sha256()));
  }

  /** The last modification in nanoseconds of the epoch. */
  private static long modifiedNanos(BasicFileAttributes file) {
    return file.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }

  /** Deletes a file, if it exists. */
  private void delete(String path) throws IOException {
    steps.accept("delete " + path);
    Path file = folder.resolve(path);
    LocalDisk.delete(file);
    changed.add(LocalDisk.folder(file));
  }

  /** Forces the names in {@link #changed} folders to disk. */
  private void forceChanged() throws IOException {
    for (Path changedFolder : changed) {
      if (PathAttributes.isFolder(changedFolder)) {
        steps.accept("force " + folder.relativize(changedFolder));
        LocalDisk.forceFolder(changedFolder);
      }
    }
    changed.clear();
  }

  /** A commit that was interrupted cannot be completed, since a file of its version is lost. */
  public static final class LostFileException extends FileSystemException {
    private static final long serialVersionUID = 1;

    LostFileException(Path path, String problem) {
      super(path.toString(), null, problem);
    }
  }

  /** A target of a move that cannot be written; nothing has changed. */
  public static final class TargetException extends IOException {
    private static final long serialVersionUID = 1;

    TargetException(Path path, String problem) {
      super(path + ": " + problem);
    }
  }
}
