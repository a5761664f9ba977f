package org.merganser.pipeline.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputFile.Kind;
import org.merganser.output.OutputListing;
import org.merganser.store.FileStore;
import org.merganser.store.LocalDisk;

/**
 * The stages of an output folder: the folders in which the files of a run wait for its commit. A
 * stage is named by the fingerprint of its run. Whoever calls {@link #open} or {@link #discard}
 * holds the lock of the output.
 */
public final class StagedFiles {
  /** The kinds of files that each attempt at a run writes again. */
  private static final Set<Kind> OF_ONE_ATTEMPT =
      Set.of(Kind.PROOF, Kind.PAGE, Kind.RESULT, Kind.VERSION);

  /** A name that no stage has, for what concerns the stages of all runs. */
  private static final String NO_RUN = "none";

  private StagedFiles() {}

  /** The names of the runs that have a stage, sorted. */
  public static Set<String> runs(OutputPaths output) throws IOException {
    Set<String> runs = new TreeSet<>();
    for (String path : paths(output)) {
      runs.add(runOf(path));
    }
    return runs;
  }

  /** The files in all stages, relative to the output. */
  public static List<String> paths(OutputPaths output) throws IOException {
    return entries(output).stream().map(entry -> path(output, entry)).toList();
  }

  /** The files in all stages with their sizes. */
  public static List<FileStore.Entry> entries(OutputPaths output) throws IOException {
    List<FileStore.Entry> entries = new ArrayList<>();
    for (String folder : OutputListing.FOLDERS) {
      for (FileStore.Entry entry : OutputListing.listEntries(output.root(), folder)) {
        if (OutputListing.isStaged(path(output, entry))) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }

  /**
   * The path to which a commit would move a file in a stage, relative to the output.
   *
   * @param path of the file in the stage, relative to the output
   */
  public static String place(String path) {
    String aboveStage = path.substring(0, path.indexOf(OutputFile.STAGE));
    String below = belowStage(path);
    return aboveStage + below.substring(below.indexOf('/') + 1);
  }

  /**
   * Prepares the stage of a run from what an interrupted run has left: the stage of the same run,
   * else, on a local disk, that of the first other one by name, whose valid units this run need not
   * write again. Deletes all other stages, and the lists and records of the earlier attempt.
   *
   * @return the number of files that are in the stage now
   */
  public static int open(RunPaths run) throws IOException {
    Set<String> runs = runs(run.output());
    if (!runs.isEmpty() && !runs.contains(run.stage()) && run.commitRenames()) {
      takeOver(run, runs.iterator().next());
    }
    List<String> obsolete = new ArrayList<>();
    int kept = 0;
    for (String path : paths(run.output())) {
      OutputFile row = OutputFile.of(place(path));
      boolean isOfThisRun = runOf(path).equals(run.stage());
      if (!isOfThisRun || row == null || OF_ONE_ATTEMPT.contains(row.kind())) {
        obsolete.add(path);
      } else {
        kept++;
      }
    }
    delete(run.output(), obsolete);
    return kept;
  }

  /** Deletes all stages, so that their runs cannot be continued. */
  public static void discard(OutputPaths output) throws IOException {
    delete(output, paths(output));
    if (FileStore.isLocal(output.root())) {
      for (String folder : RunPaths.of(output, NO_RUN).stageFolders()) {
        LocalDisk.deleteTree(FileStore.localPath(output.at(folder)));
      }
    }
  }

  /** The path of a listed file, relative to the output. */
  private static String path(OutputPaths output, FileStore.Entry entry) {
    return FileStore.of(output.root()).pathWithin(output.root(), entry.location());
  }

  /** The name of the run in whose stage a path is. */
  private static String runOf(String path) {
    String below = belowStage(path);
    int end = below.indexOf('/');
    return end < 0 ? below : below.substring(0, end);
  }

  /** The part of a path after the folder of all stages, which begins with the name of a run. */
  private static String belowStage(String path) {
    return path.substring(path.indexOf(OutputFile.STAGE) + OutputFile.STAGE.length() + 1);
  }

  /** Renames the stage of another run to that of this one. */
  private static void takeOver(RunPaths run, String other) throws IOException {
    for (String folder : run.stageFolders()) {
      String from = run.output().at(folder + "/" + other);
      if (FileStore.of(from).isFolder(from)) {
        LocalDisk.move(
            FileStore.localPath(from),
            FileStore.localPath(run.output().at(folder + "/" + run.stage())));
        LocalDisk.forceFolder(FileStore.localPath(run.output().at(folder)));
      }
    }
  }

  /** Deletes files, and forces their folders to disk. */
  private static void delete(OutputPaths output, Collection<String> staged) throws IOException {
    FileStore store = FileStore.of(output.root());
    Set<String> folders = new LinkedHashSet<>();
    for (String path : staged) {
      store.delete(output.at(path));
      folders.add(path.substring(0, path.lastIndexOf('/')));
    }
    if (FileStore.isLocal(output.root())) {
      for (String folder : folders) {
        LocalDisk.forceFolder(FileStore.localPath(output.at(folder)));
      }
    }
  }
}
