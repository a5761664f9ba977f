package org.merganser.output;

import java.io.IOException;
import java.io.InputStream;
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
 * be repeated, so a commit that was cut at any step is completed by repeating all.
 *
 * <p>Order: the old manifest goes; files take their places; files that belong to no version go;
 * each changed folder is forced once; the new manifest takes its place; the stage and then the
 * journal go. So a manifest never stands beside other bytes than it lists. The caller holds the
 * lock of the folder.
 *
 * <p>Cost: a rename a file (0.7 ms where it replaces one), a force a folder.
 */
public final class Commit {
  /** How a folder relates to the journal in it. */
  public enum State {
    /** There is no journal: nothing to complete. */
    NONE,
    /** The journal belongs to the manifest in place, or there is none: it can be completed. */
    CUT,
    /** The journal cannot be read, or names a place outside of the folder. */
    DAMAGED,
    /** Another manifest is in place than the journal replaces or makes: from a backup, perhaps. */
    OF_ANOTHER_VERSION
  }

  /** NFS may not show a new name in a folder for some seconds. */
  private static final long PATIENCE_SECONDS = 60;

  private static final String MANIFEST = OutputFile.MANIFEST.path();

  private static final String FINISHED = OutputFile.FINISHED.path();

  private final String root;
  private final Path folder;
  private final CommitJournal journal;

  /** Called with the name of each step before it is made. */
  private final IOConsumer<String> steps;

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
    commit.prepare();
    steps.accept("journal");
    journal.publish(root);
    commit.carryOut();
  }

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
        ? State.CUT
        : State.OF_ANOTHER_VERSION;
  }

  /** The journal of a folder whose {@link #state} is not damaged. */
  public static @Nullable CommitJournal journal(String root) throws IOException {
    return CommitJournal.read(root);
  }

  /**
   * The sha256 of the manifest in place; null if there is none, or something else than a file.
   *
   * @throws FileSystemException naming the manifest if it cannot be read
   */
  public static @Nullable String manifestInPlace(String root) throws IOException {
    FileStore store = FileStore.of(root);
    String location = root + "/" + MANIFEST;
    if (!store.exists(location)) {
      return null;
    }
    try (InputStream in = store.open(location, 0)) {
      return Sha256.of(in);
    } catch (NoSuchFileException | IrregularFileException notAFile) {
      return null; // a FIFO or a folder is no manifest; whoever reads it says so
    }
  }

  /** Completes a commit that was cut; does nothing if there is none. The caller holds the lock. */
  public static void complete(String root, IOConsumer<String> steps) throws IOException {
    CommitJournal journal = CommitJournal.read(root);
    if (journal != null) {
      new Commit(root, journal, steps).carryOut();
    }
  }

  /** Drops a journal that does not fit the folder; the user asked for it. */
  public static void drop(String root) throws IOException {
    Path folder = FileStore.localPath(root).toAbsolutePath();
    Path file = folder.resolve(OutputFile.JOURNAL.path());
    LocalDisk.delete(file);
    LocalDisk.forceFolder(LocalDisk.folder(file));
  }

  /**
   * Makes and forces the target folders, and tries a rename into and a delete in each: a full or
   * read-only disk, or another file system, must fail here and not between two moves.
   */
  private void prepare() throws IOException {
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
        try {
          LocalDisk.createFolders(LocalDisk.folder(target));
          tryFolder(LocalDisk.folder(from), LocalDisk.folder(target));
        } catch (FileAlreadyExistsException e) {
          throw new TargetException(
              LocalDisk.folder(target), "is a file, where this run needs a folder");
        } catch (AccessDeniedException | AtomicMoveNotSupportedException e) {
          throw new TargetException(
              LocalDisk.folder(target),
              "no file can be moved there and deleted: " + e.getMessage());
        } // a full or broken disk says so itself, and another try may help
      }
    }
  }

  private static void tryFolder(Path stage, Path target) throws IOException {
    String name = FileStore.TEMPORARY_PREFIX + "probe-" + ProcessHandle.current().pid();
    Path probe = stage.resolve(name);
    Path moved = target.resolve(name);
    try (OutputStream out = NamedOutputStream.of(probe)) {
      out.write('\n');
    }
    try {
      LocalDisk.move(probe, moved);
    } finally {
      LocalDisk.delete(probe);
      LocalDisk.delete(moved);
    }
  }

  private void carryOut() throws IOException {
    withdraw();
    for (CommitJournal.Move move : journal.moves()) {
      if (!isLast(move)) {
        carryOut(move);
      }
    }
    for (String path : journal.deletes()) {
      delete(path);
    }
    forceChanged();
    for (CommitJournal.Move move : journal.moves()) {
      if (isLast(move)) {
        carryOut(move);
        forceChanged();
      }
    }
    for (String stage : journal.stages()) {
      steps.accept("drop " + stage);
      LocalDisk.deleteTree(folder.resolve(stage));
    }
    steps.accept("drop the journal");
    drop(root);
  }

  private static boolean isLast(CommitJournal.Move move) {
    return move.path().equals(MANIFEST) || move.path().equals(FINISHED);
  }

  /** Deletes the manifest that is replaced, and the record of its run. */
  private void withdraw() throws IOException {
    for (CommitJournal.Move move : journal.moves()) {
      if (isLast(move) && PathAttributes.exists(folder.resolve(move.from()))) {
        delete(move.path());
      }
    }
    forceChanged();
  }

  private void carryOut(CommitJournal.Move move) throws IOException {
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

  private void requireMoved(CommitJournal.Move move, Path target) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    do {
      if (PathAttributes.exists(target)) {
        if (isOf(move, target)) {
          return;
        }
        break;
      }
      LocalDisk.children(LocalDisk.folder(target)); // lets NFS ask for the names again
    } while (System.nanoTime() - end < 0);
    throw new LostFileException(
        target,
        "the commit that was cut cannot be completed: neither this file nor "
            + folder.resolve(move.from())
            + " has the bytes with the sha256 "
            + move.sha256()
            + "; put one of them back from a copy, or run the job with --replace");
  }

  private static boolean isOf(CommitJournal.Move move, Path target) throws IOException {
    BasicFileAttributes found = Files.readAttributes(target, BasicFileAttributes.class);
    return found.size() == move.size()
        && (modified(found) == move.modified() || Sha256.of(target).equals(move.sha256()));
  }

  /** In nanoseconds of the epoch. */
  private static long modified(BasicFileAttributes file) {
    return file.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }

  private void delete(String path) throws IOException {
    steps.accept("delete " + path);
    Path file = folder.resolve(path);
    LocalDisk.delete(file);
    changed.add(LocalDisk.folder(file));
  }

  private void forceChanged() throws IOException {
    for (Path one : changed) {
      if (PathAttributes.isFolder(one)) {
        steps.accept("force " + folder.relativize(one));
        LocalDisk.forceFolder(one);
      }
    }
    changed.clear();
  }

  /**
   * The moves of a journal, in the order of their places. A commit does two of them last: that of
   * the manifest and then that of the record of the run.
   *
   * @param files the waiting files, from their places, in natural order, to where they wait; both
   *     are relative
   * @param sums the sha256 of each by its place; those that are missing are read
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
              modified(found),
              known == null ? Sha256.of(from) : known));
    }
    return moves;
  }

  /** A commit that was cut cannot be completed, since a file of its version is lost. */
  public static final class LostFileException extends FileSystemException {
    private static final long serialVersionUID = 1;

    LostFileException(Path path, String problem) {
      super(path.toString(), null, problem);
    }
  }

  /** A target of a move that cannot be written; nothing has changed. */
  public static final class TargetException extends IOException {
    private final String path;

    TargetException(Path path, String problem) {
      super(path + ": " + problem);
      this.path = path.toString();
    }

    public String path() {
      return path;
    }
  }
}
