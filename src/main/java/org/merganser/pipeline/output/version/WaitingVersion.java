package org.merganser.pipeline.output.version;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputFile.Kind;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.store.FileStore;

/**
 * A version that a run has made and that waits for its commit. Its files are in the stage; those
 * that the run found unchanged are in place.
 *
 * @param run the paths of the run that has made the version
 * @param waiting the paths of the listed files that are in the stage
 * @param inPlace the paths of the other listed files
 */
public record WaitingVersion(RunPaths run, Set<String> waiting, Set<String> inPlace)
    implements FileLocations {
  /** The kinds of files of fixed names that no list names. */
  private static final Set<Kind> UNLISTED = Set.of(Kind.PROOF, Kind.PAGE, Kind.RESULT);

  public WaitingVersion {
    waiting = Set.copyOf(waiting);
    inPlace = Set.copyOf(inPlace);
  }

  /**
   * Finds where each file is that the list of outputs in the stage names.
   *
   * @throws RunException naming a file that is neither in the stage nor in place
   */
  public static WaitingVersion of(RunPaths run) throws IOException {
    Set<String> waiting = new TreeSet<>();
    Set<String> inPlace = new TreeSet<>();
    for (WrittenFile file : FinishedOutput.at(run).outputs()) {
      boolean isInPlace = Receipts.locate(run, file).equals(run.output().at(file.path()));
      (isInPlace ? inPlace : waiting).add(file.path());
    }
    return new WaitingVersion(run, waiting, inPlace);
  }

  @Override
  public String root() {
    return run.root();
  }

  @Override
  public boolean tokenizerAtRoot() {
    return run.tokenizerAtRoot();
  }

  /** The location of a listed file; of any other path, where the run would write a file. */
  @Override
  public String at(String path) {
    return inPlace.contains(path) ? run.output().at(path) : run.at(path);
  }

  /**
   * What the commit moves: the places of the waiting files with the paths at which they wait, both
   * relative to the output.
   *
   * @param versions the sha256 of the versions that were kept in the stage
   * @throws RunException naming a listed file that is no longer where it was found: a manifest must
   *     never lie beside fewer files than it lists
   */
  public SortedMap<String, String> moves(List<String> versions) throws IOException {
    FileStore store = FileStore.of(root());
    for (String path : inPlace) {
      if (!store.exists(at(path))) {
        throw gone(path);
      }
    }
    SortedMap<String, String> moves = new TreeMap<>();
    for (String path : pathsThatMayWait(versions)) {
      if (run.waitsInStage(path) && store.exists(run.at(path))) {
        moves.put(path, run.pathInStage(path));
      } else if (waiting.contains(path)) {
        throw gone(path);
      }
    }
    return moves;
  }

  /**
   * The paths of all files that may be in the stage: the listed ones that are not in place, the
   * files of fixed names, and those of kept versions.
   */
  private List<String> pathsThatMayWait(List<String> versions) {
    List<String> paths = new ArrayList<>(waiting);
    for (OutputFile row : OutputFile.values()) {
      if (UNLISTED.contains(row.kind())) {
        paths.add(row.path());
      }
    }
    for (String version : versions) {
      for (OutputFile list : OutputVersions.LISTS) {
        paths.add(OutputFile.KEPT_VERSION.path(version, list.path()));
      }
    }
    return paths;
  }

  /** The error that a file was deleted during the run. */
  private RunException gone(String path) {
    return RunException.of(
        "%s: was deleted while the run was active, and nothing was published; start the run again",
        at(path));
  }
}
