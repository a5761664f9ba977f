package org.merganser.pipeline.output.version;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputFile.Kind;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.store.FileStore;
import org.merganser.store.LocalDisk;
import org.merganser.store.UnusableFileException;

/**
 * Decides which files below an output folder a run may delete, and deletes them. A file of a
 * version may be deleted only with a proof that a run wrote it: a receipt, or the list of a
 * version. Its name is no proof, and for the dataset card, which a user may change, the sum must be
 * that of the list. In {@code run/}, the names in the table of {@link OutputFile} are used by runs
 * alone. Drafts and stages need no proof. Other files are never deleted, and neither are those of
 * another run whose output folder is in this one. Files below a folder that is a link are treated
 * like all others. Not thread-safe.
 */
public final class OutputCleaning {
  private final OutputPaths paths;
  private final FileStore store;

  /** The paths that receipts and lists name; null before they are asked for. */
  private @Nullable Set<String> written;

  /** Whether a folder is the output of another run, by its path with a slash at the end. */
  private final Map<String, Boolean> otherRuns = new HashMap<>();

  /**
   * @param paths of the output, whose lists and receipts are read when they are needed
   */
  public OutputCleaning(OutputPaths paths) {
    this.paths = paths;
    this.store = FileStore.of(paths.root());
  }

  /** The files of the published version; empty if its list is missing or damaged. */
  public static List<WrittenFile> listed(OutputPaths paths) throws IOException {
    if (OutputJson.find(paths, OutputFile.OUTPUTS.path()) == null) {
      return List.of();
    }
    try {
      return FinishedOutput.at(paths).outputs();
    } catch (UnusableFileException damaged) {
      return List.of();
    }
  }

  /**
   * Checks that a later run recognizes the files of a run as its own.
   *
   * @throws IllegalStateException naming the first file that it would not delete, a defect
   */
  public static void requireOwnNames(List<WrittenFile> outputs) {
    for (WrittenFile file : outputs) {
      if (!isListed(file.path())) {
        throw new IllegalStateException(file.path() + ": no later run knows this name as its own");
      }
    }
  }

  /**
   * Whether a run wrote the file, so that a run may delete it.
   *
   * @param path relative to the output folder
   */
  public boolean mayDelete(String path) throws IOException {
    return isOwn(path) && otherRun(path).isEmpty();
  }

  /**
   * The published files that a run wrote and that a list of outputs does not name.
   *
   * @param outputs the list, which may be that of a version that is not published yet
   */
  public List<String> leftovers(List<WrittenFile> outputs) throws IOException {
    Set<String> listed = new LinkedHashSet<>();
    outputs.forEach(file -> listed.add(file.path()));
    List<String> leftovers = new ArrayList<>();
    for (String path : written()) {
      if (isListed(path)
          && !listed.contains(path)
          && store.exists(paths.at(path))
          && otherRun(path).isEmpty()) {
        leftovers.add(path);
      }
    }
    return leftovers;
  }

  /**
   * Refuses to replace a file that no run wrote.
   *
   * @param toWrite the paths of files that a commit would write
   * @throws org.merganser.job.JobException naming the first one
   */
  public void requireWritable(Collection<String> toWrite) throws IOException {
    for (String path : toWrite) {
      if (isListed(path) && !written().contains(path) && store.exists(paths.at(path))) {
        throw OutputFolder.wrong(
            "%s is there, and no run of this output wrote it; this run has to write a file of that"
                + " name. Nothing was published: move the file out of the folder, or name another"
                + " output",
            paths.at(path));
      }
    }
  }

  /**
   * The files in the folders of a run that no run of this output wrote, sorted; for all files of
   * another run, its folder with a slash at the end.
   *
   * @param outputs the files that the published version lists
   */
  public Set<String> foreign(List<WrittenFile> outputs) throws IOException {
    List<String> found = OutputListing.unlisted(paths.root(), outputs);
    found.addAll(OutputListing.list(paths.root(), OutputPaths.RUN));
    Set<String> foreign = new TreeSet<>();
    for (String path : found) {
      String run = otherRun(path);
      if (!run.isEmpty() || !isOwn(path)) {
        foreign.add(run.isEmpty() ? path : run);
      }
    }
    return foreign;
  }

  /** Deletes the unfinished files of killed writers; the caller holds the lock of the folder. */
  public void deleteDrafts() throws IOException {
    delete(OutputListing.drafts(paths.root()));
  }

  /** Deletes the files that a run may delete, in this order; forces each folder once. */
  public void delete(Collection<String> files) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    boolean local = FileStore.isLocal(paths.root());
    for (String path : files) {
      if (mayDelete(path)) {
        store.delete(paths.at(path));
        if (local) {
          folders.add(LocalDisk.folder(FileStore.localPath(paths.at(path))));
        }
      }
    }
    for (Path folder : folders) {
      LocalDisk.forceFolder(folder);
    }
  }

  /** Whether a run wrote a file: one of this output, or of an output that is in this one. */
  private boolean isOwn(String path) throws IOException {
    if (FileStore.isTemporary(path)) {
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      return OutputListing.isStaged(path) || folder.isEmpty() || OutputFile.mayBeDirectlyIn(folder);
    }
    OutputFile row = OutputFile.of(path);
    if (row == null) {
      return false;
    }
    boolean needsProof = row.isListed() || row.kind() == Kind.VERSION;
    return !needsProof || written().contains(path);
  }

  /** The files of versions that a run wrote, by {@link #findWritten}; found once. */
  private Set<String> written() throws IOException {
    if (written == null) {
      written = findWritten();
    }
    return written;
  }

  /**
   * Finds the files with a proof. The list of a version is a proof; if files of units are written
   * in place, or the list is damaged, receipts are proofs as well.
   */
  private Set<String> findWritten() throws IOException {
    Set<String> proven = new TreeSet<>(new OutputVersions(paths).ownFiles());
    List<WrittenFile> listed = listed(paths);
    for (WrittenFile file : listed) {
      if (isListed(file.path())) {
        proven.add(file.path());
      }
    }
    if (CardFile.belongsToUser(paths.root(), listed)) {
      proven.remove(OutputFile.CARD.path());
    }
    boolean isLocal = FileStore.isLocal(paths.root());
    if (!isLocal || listed.isEmpty()) {
      for (String path : OutputListing.list(paths.root(), OutputPaths.UNITS)) {
        boolean onlyInPlace = isLocal;
        addProvenByReceipt(path, onlyInPlace, proven);
      }
    }
    return proven;
  }

  /**
   * Adds the files of a receipt that the list of a version would name; nothing if the path is not
   * that of a receipt.
   *
   * @param onlyInPlace whether only those count whose bytes are in place: the others may have been
   *     in a stage
   */
  private void addProvenByReceipt(String path, boolean onlyInPlace, Set<String> to)
      throws IOException {
    OutputFile row = OutputFile.of(path);
    boolean isReceipt = row == OutputFile.RECEIPT_OF_UNIT || row == OutputFile.BEGUN;
    UnitReceipt receipt = isReceipt ? Receipts.findReadable(paths.at(path)) : null;
    if (receipt == null) {
      return;
    }
    for (WrittenFile file : receipt.files()) {
      if (isListed(file.path()) && (!onlyInPlace || Receipts.isUnchanged(paths, file))) {
        to.add(file.path());
      }
    }
  }

  /** Whether a path is of a file that the list of a version names. */
  private static boolean isListed(String path) {
    OutputFile row = OutputFile.of(path);
    return row != null && row.isListed();
  }

  /** The folder of another run that contains a file, with a slash; empty if there is none. */
  private String otherRun(String path) throws IOException {
    for (int end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      String folder = path.substring(0, end + 1);
      Boolean known = otherRuns.get(folder);
      if (known == null) {
        known = OutputFolder.isOutput(paths.at(folder.substring(0, end)));
        otherRuns.put(folder, known);
      }
      if (known) {
        return folder;
      }
    }
    return "";
  }
}
