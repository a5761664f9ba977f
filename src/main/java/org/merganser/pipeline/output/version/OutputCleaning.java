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
 * version may go only with a proof that a run wrote it: a receipt, or the list of a version. A name
 * is no proof, and for the dataset card, which a user may change, the sum must be that of the list.
 * In {@code run/}, the names of the table are those of runs alone. Drafts and stages need no proof.
 * Other files, and files of a run with its own output folder there, are never deleted. The same
 * holds below a folder that is a link. Not thread-safe.
 */
public final class OutputCleaning {
  private final OutputPaths paths;
  private final FileStore store;

  /** The paths that receipts and lists name; null before they are asked for. */
  private @Nullable Set<String> written;

  private final Map<String, Boolean> runs = new HashMap<>();

  public OutputCleaning(OutputPaths paths) {
    this.paths = paths;
    this.store = FileStore.of(paths.root());
  }

  /**
   * Whether a run wrote the file, so that a run may delete it.
   *
   * @param path relative to the output folder
   */
  public boolean mayDelete(String path) throws IOException {
    return isOwn(path) && otherRun(path).isEmpty();
  }

  private boolean isOwn(String path) throws IOException {
    if (FileStore.isTemporary(path)) {
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      return OutputListing.isStaged(path) || folder.isEmpty() || OutputFile.mayLieIn(folder);
    }
    OutputFile row = OutputFile.of(path);
    if (row == null) {
      return false;
    }
    return row.isListed() || row.kind() == Kind.VERSION ? written().contains(path) : true;
  }

  /**
   * The listed files that a run wrote. A list of a version is the proof; where files of units are
   * written in place, or the list is damaged, so are receipts.
   */
  private Set<String> written() throws IOException {
    Set<String> known = written;
    if (known == null) {
      known = new TreeSet<>(new OutputVersions(paths).ownFiles());
      List<WrittenFile> listed = listed(paths);
      addListed(listed, known);
      if (CardFile.isUsers(paths.root(), listed)) {
        known.remove(OutputFile.CARD.path());
      }
      boolean local = FileStore.isLocal(paths.root());
      if (!local || listed.isEmpty()) {
        for (String record : OutputListing.list(paths.root(), OutputPaths.UNITS)) {
          addListed(ofReceipt(record, local), known);
        }
      }
      written = known;
    }
    return known;
  }

  /**
   * The files of a receipt that are listed where a version has them.
   *
   * @param compared whether only those count whose bytes are in place: the others may have been in
   *     a stage
   */
  private List<WrittenFile> ofReceipt(String record, boolean compared) throws IOException {
    OutputFile row = OutputFile.of(record);
    boolean isReceipt = row == OutputFile.RECEIPT_OF_UNIT || row == OutputFile.BEGUN;
    UnitReceipt receipt = isReceipt ? Receipts.readable(paths.at(record)) : null;
    List<WrittenFile> files = new ArrayList<>();
    for (WrittenFile file : receipt == null ? List.<WrittenFile>of() : receipt.files()) {
      if (isListed(file) && (!compared || Receipts.unchanged(paths, file))) {
        files.add(file);
      }
    }
    return files;
  }

  private static void addListed(List<WrittenFile> files, Set<String> to) {
    for (WrittenFile file : files) {
      if (isListed(file)) {
        to.add(file.path());
      }
    }
  }

  private static boolean isListed(WrittenFile file) {
    OutputFile row = OutputFile.of(file.path());
    return row != null && row.isListed();
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

  /** The folder of another run that contains a file, with a slash; empty if there is none. */
  private String otherRun(String path) throws IOException {
    for (int end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      String folder = path.substring(0, end + 1);
      Boolean known = runs.get(folder);
      if (known == null) {
        known = OutputFolder.isOutput(paths.at(folder.substring(0, end)));
        runs.put(folder, known);
      }
      if (known) {
        return folder;
      }
    }
    return "";
  }

  /**
   * Checks that a later run recognizes the files of a run as its own.
   *
   * @throws IllegalStateException naming the first file that it would not delete, a defect
   */
  public static void requireOwnNames(List<WrittenFile> outputs) {
    for (WrittenFile file : outputs) {
      if (!isListed(file)) {
        throw new IllegalStateException(file.path() + ": no later run knows this name as its own");
      }
    }
  }

  /** The files in place that a run wrote and that the list of outputs does not name. */
  public List<String> leftovers(List<WrittenFile> outputs) throws IOException {
    Set<String> listed = new LinkedHashSet<>();
    outputs.forEach(file -> listed.add(file.path()));
    List<String> leftovers = new ArrayList<>();
    for (String path : written()) {
      OutputFile row = OutputFile.of(path);
      if (row != null
          && row.isListed()
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
   * @throws JobException naming the first one
   */
  public void requireWritable(Collection<String> toWrite) throws IOException {
    for (String path : toWrite) {
      OutputFile row = OutputFile.of(path);
      boolean isListed = row != null && row.isListed();
      if (isListed && !written().contains(path) && store.exists(paths.at(path))) {
        throw OutputFolder.wrong(
            "%s is there, and no run of this output wrote it; this run has to write a file of that"
                + " name. Nothing was published: move the file out of the folder, or name another"
                + " output",
            paths.at(path));
      }
    }
  }

  /**
   * Files in the own folders that no run here wrote, sorted; for another run, its folder with a
   * slash at the end.
   */
  public Set<String> foreign(List<WrittenFile> outputs) throws IOException {
    List<String> found = OutputListing.unlisted(paths.root(), outputs);
    found.addAll(OutputListing.list(paths.root(), "run"));
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
    delete(OutputListing.temporary(paths.root()));
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
}
