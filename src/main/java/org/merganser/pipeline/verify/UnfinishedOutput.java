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
 * @param files the number of all files, with their {@code bytes}
 */
record UnfinishedOutput(List<String> leftovers, List<String> foreign, long files, long bytes) {
  /**
   * @param vouched the paths that a receipt of the interrupted run lists
   */
  static UnfinishedOutput of(OutputPaths paths, Set<String> vouched) throws IOException {
    FileStore store = FileStore.of(paths.root());
    OutputCleaning cleaning = new OutputCleaning(paths);
    List<String> leftovers = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    long files = 0;
    long bytes = 0;
    for (FileStore.Entry entry : OutputListing.all(paths.root())) {
      String path = store.pathWithin(paths.root(), entry.location());
      String place = OutputListing.isStaged(path) ? StagedFiles.place(path) : path;
      OutputFile row = OutputFile.of(place);
      if (FileStore.isTemporary(path)) {
        leftovers.add(path);
      } else if (row == null) {
        foreign.add(path);
      } else if (row == OutputFile.CARD) { // the next run writes its own, or keeps the user's
        if (!isOfRun(path, cleaning)) {
          foreign.add(path);
        }
      } else if (row.isListed() && !vouched.contains(place)) {
        (isOfRun(path, cleaning) ? leftovers : foreign).add(path);
      }
      files++;
      bytes += entry.size();
    }
    return new UnfinishedOutput(leftovers, foreign, files, bytes);
  }

  private static boolean isOfRun(String path, OutputCleaning cleaning) throws IOException {
    return OutputListing.isStaged(path) || cleaning.mayDelete(path);
  }
}
