package org.merganser.pipeline.output;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputFile.Kind;
import org.merganser.store.FileStore;
import org.merganser.store.LocalDisk;
import org.merganser.store.PathAttributes;

/**
 * The locations at which a run writes and finds its files. What belongs to a version waits in a
 * stage, so that the published version stays as it is until the commit; what only a run needs is in
 * {@code run/} at once. On object stores and HDFS, which have no rename that replaces or no lock,
 * the files of units are written in place ({@link CopiedCommit} says what follows from that).
 *
 * @param output the published version
 * @param stage the name of the run's folder in each stage: the fingerprint of the run, so that a
 *     worker that outlives its run can only write the files that this name promises; empty if
 *     nothing is staged, for an output that is never published
 * @param apart folders of the output that are links or other file systems, longest first; their
 *     files wait in a stage of their own, since a rename cannot cross file systems
 */
public record RunPaths(OutputPaths output, String stage, List<String> apart)
    implements FileLocations, Serializable {

  public RunPaths {
    apart = List.copyOf(apart);
  }

  /** The paths of a run without a stage: every file is written at its path. */
  public static RunPaths unstaged(OutputPaths output) {
    return new RunPaths(output, "", List.of());
  }

  /**
   * The paths of a run; finds the folders that are apart.
   *
   * @param stage the name of the run's folder in each stage
   */
  public static RunPaths of(OutputPaths output, String stage) throws IOException {
    return new RunPaths(output, stage, findApart(output));
  }

  /** Finds the folders that a rename cannot reach from the output's own stage, longest first. */
  private static List<String> findApart(OutputPaths output) throws IOException {
    if (!FileStore.isLocal(output.root())) {
      return List.of();
    }
    Path root = FileStore.localPath(output.root()).toAbsolutePath();
    List<String> apart = new ArrayList<>();
    if (PathAttributes.isFolder(root)) {
      Object disk = LocalDisk.device(root);
      for (String folder : ownFolders()) {
        addApart(root, root.resolve(folder), disk, apart);
      }
    }
    apart.sort(Comparator.comparing(String::length).reversed());
    return apart;
  }

  /** The folders directly below the output in which a run may have files. */
  private static List<String> ownFolders() {
    List<String> folders = new ArrayList<>(OutputFile.listedFolders());
    folders.add(OutputPaths.RUN);
    folders.add(OutputFile.VERSIONS);
    return folders;
  }

  /**
   * Adds a folder, and those in it in which a run may have files, if they are apart.
   *
   * @param diskAbove the device of the folder above
   */
  private static void addApart(Path root, Path folder, Object diskAbove, List<String> apart)
      throws IOException {
    if (!PathAttributes.isFolder(folder)) {
      return;
    }
    Object own = LocalDisk.device(folder);
    String path = root.relativize(folder).toString().replace('\\', '/');
    if (PathAttributes.isLink(folder) || !own.equals(diskAbove)) {
      apart.add(path);
    }
    if (path.equals(OutputPaths.RUN)) {
      return; // its folders have no file that a commit moves
    }
    for (Path child : LocalDisk.children(folder)) {
      String name = Objects.requireNonNull(child.getFileName(), "a child has a name").toString();
      if (OutputFile.mayBeDirectlyIn(path + "/" + name + "/")) {
        addApart(root, child, own, apart);
      }
    }
  }

  @Override
  public String root() {
    return output.root();
  }

  @Override
  public boolean tokenizerAtRoot() {
    return output.tokenizerAtRoot();
  }

  /** Where the run writes a file. */
  @Override
  public String at(String path) {
    return output.at(waitsInStage(path) ? pathInStage(path) : path);
  }

  /** Whether a file waits in the stage until the commit; otherwise it is written at its path. */
  public boolean waitsInStage(String path) {
    OutputFile row = stage.isEmpty() ? null : OutputFile.of(path);
    return row != null
        && !row.isWrittenInPlace()
        && (commitRenames() || (row.kind() != Kind.DATA_OF_UNIT && row.kind() != Kind.REJECTED));
  }

  /** Whether a commit renames files; if not, it copies the small ones. */
  boolean commitRenames() {
    return FileStore.isLocal(root());
  }

  /** The path at which a file waits, relative to the output. */
  public String pathInStage(String path) {
    for (String folder : apart) {
      if (path.startsWith(folder + "/")) {
        return folder + "/" + stageFolder() + "/" + path.substring(folder.length() + 1);
      }
    }
    return stageFolder() + "/" + path;
  }

  /** The folder of this run in a stage, relative to the folder that has the stage. */
  private String stageFolder() {
    return OutputFile.STAGE + "/" + stage;
  }

  /** The folders of all stages, of this run and of others, relative to the output. */
  public List<String> stageFolders() {
    List<String> folders = new ArrayList<>();
    folders.add(OutputFile.STAGE);
    apart.forEach(folder -> folders.add(folder + "/" + OutputFile.STAGE));
    return folders;
  }
}
