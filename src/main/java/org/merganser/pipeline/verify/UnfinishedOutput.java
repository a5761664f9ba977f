package org.merganser.pipeline.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.store.FileStore;

/**
 * The files of a folder in which no run has finished.
 *
 * @param leftovers temporary files, and files of runs that no receipt lists; the next run deletes
 *     them
 * @param foreign files that no run wrote, which stay
 * @param files the number of all files
 * @param bytes of all files
 */
record UnfinishedOutput(List<String> leftovers, List<String> foreign, long files, long bytes) {
  /** What the next run does with a file. */
  private enum Fate {
    /** The next run uses the file or writes it again. */
    USED,
    /** The next run deletes the file. */
    LEFTOVER,
    /** No run wrote the file, so it stays. */
    FOREIGN
  }

  /**
   * Lists and classifies the files of a folder.
   *
   * @param vouched the paths that a receipt of the interrupted run lists
   */
  static UnfinishedOutput of(OutputPaths paths, Set<String> vouched) throws IOException {
    FileStore store = FileStore.of(paths.root());
    OutputCleaning cleaning = new OutputCleaning(paths);
    List<String> leftovers = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    long files = 0;
    long bytes = 0;
    for (FileStore.Entry entry : OutputListing.listAllEntries(paths.root())) {
      String path = store.pathWithin(paths.root(), entry.location());
      switch (fate(path, vouched, cleaning)) {
        case LEFTOVER -> leftovers.add(path);
        case FOREIGN -> foreign.add(path);
        case USED -> {}
      }
      files++;
      bytes += entry.size();
    }
    return new UnfinishedOutput(leftovers, foreign, files, bytes);
  }

  /** What the next run does with the file at a path. */
  private static Fate fate(String path, Set<String> vouched, OutputCleaning cleaning)
      throws IOException {
    if (FileStore.isTemporary(path)) {
      return Fate.LEFTOVER;
    }
    String place = OutputListing.isStaged(path) ? StagedFiles.place(path) : path;
    OutputFile kind = OutputFile.of(place);
    if (kind == null) {
      return Fate.FOREIGN;
    }
    if (kind == OutputFile.CARD) { // the next run writes its own, or keeps the user's
      return isOfRun(path, cleaning) ? Fate.USED : Fate.FOREIGN;
    }
    if (!kind.isListed() || vouched.contains(place)) {
      return Fate.USED;
    }
    return isOfRun(path, cleaning) ? Fate.LEFTOVER : Fate.FOREIGN;
  }

  /** Whether a run of this output wrote the file. */
  private static boolean isOfRun(String path, OutputCleaning cleaning) throws IOException {
    return OutputListing.isStaged(path) || cleaning.mayDelete(path);
  }
}
