package org.merganser.pipeline.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.store.FileStore;

/**
 * Replaces the published version by a new one on object stores and HDFS, by copies; on local disks
 * {@link org.merganser.output.Commit} renames instead. S3 and GCS have no rename, and HDFS has no
 * lock that would keep two runs from completing or discarding each other's work. So the files of
 * units are written at their paths, and only the lists and the files of fixed names wait in the
 * stage, from which {@link #publish} copies them.
 *
 * <p>A run that only adds units leaves the published version complete until {@link #publish}. A run
 * that may replace files of units withdraws the manifest before its first unit: until it ends, the
 * folder has no version. A kept version ({@code states/}) stays complete for its readers.
 *
 * <p>A unit lists in a begun receipt what it is about to publish, so that the files of a process
 * that is killed meanwhile have a proof of their writer.
 *
 * <p>The order of the calls: {@link #withdraw}, if units may replace files; for each unit {@link
 * #begin}, and {@link #end} after its receipt; {@link #publish} after the last unit.
 */
public final class CopiedCommit {
  /** The files that say that the folder has a version, in the order in which they are copied. */
  private static final List<String> LAST = List.of(Manifest.FILE, OutputPaths.FINISHED);

  private CopiedCommit() {}

  /** Writes the begun receipt of a unit that is about to publish files in place. */
  public static void begin(RunPaths paths, UnitReceipt receipt) throws IOException {
    if (isInPlace(paths, receipt)) {
      FileStore.publish(begunLocation(paths, receipt), receipt.toFile());
    }
  }

  /** Deletes the begun receipt of a unit whose receipt is published. */
  public static void end(RunPaths paths, UnitReceipt receipt) throws IOException {
    if (isInPlace(paths, receipt)) {
      FileStore.of(paths.root()).delete(begunLocation(paths, receipt));
    }
  }

  /** Whether a unit writes a file of the version at its path at once. */
  private static boolean isInPlace(RunPaths paths, UnitReceipt receipt) {
    boolean mayWriteInPlace = !paths.commitRenames() && !paths.stage().isEmpty();
    return mayWriteInPlace
        && receipt.files().stream()
            .map(WrittenFile::path)
            .anyMatch(path -> !path.startsWith(OutputFile.RUN_FOLDER) && !paths.waitsInStage(path));
  }

  private static String begunLocation(RunPaths paths, UnitReceipt receipt) {
    return paths.at(OutputFile.BEGUN.path(receipt.fingerprint(), receipt.unit()));
  }

  /**
   * Withdraws the published version, whose files a run is about to replace: copies the record of
   * the run to its place, since it names the version that the run adds to, and deletes the
   * manifest.
   */
  public static void withdraw(RunPaths run) throws IOException {
    copy(run.output(), run.pathInStage(OutputPaths.RECORD), OutputPaths.RECORD);
    deleteAnnouncement(run.output());
  }

  /**
   * Deletes what says that there is a version, or what it is like: the record of the finished run,
   * the manifest, the note of damage and the report.
   */
  private static void deleteAnnouncement(OutputPaths paths) throws IOException {
    FileStore store = FileStore.of(paths.root());
    for (OutputFile file :
        List.of(OutputFile.FINISHED, OutputFile.MANIFEST, OutputFile.DAMAGED, OutputFile.REPORT)) {
      store.delete(paths.at(file.path()));
    }
  }

  /**
   * Copies the waiting files to their places, those in {@link #LAST} after all others, and deletes
   * what belongs to no version. If the process is killed meanwhile, the same run does it again.
   *
   * @param moves the places of the files with the paths at which they wait, both relative to the
   *     output
   * @param deletes the paths of files that the new version does not have
   */
  public static void publish(
      OutputPaths paths, SortedMap<String, String> moves, List<String> deletes) throws IOException {
    FileStore store = FileStore.of(paths.root());
    String record = moves.get(OutputPaths.RECORD);
    if (record != null) {
      copy(paths, record, OutputPaths.RECORD); // first: it names the version that is withdrawn
    }
    deleteAnnouncement(paths);
    for (Map.Entry<String, String> move : moves.entrySet()) {
      if (!LAST.contains(move.getKey())) {
        copy(paths, move.getValue(), move.getKey());
      }
    }
    for (String path : deletes) {
      store.delete(paths.at(path));
    }
    for (String path : LAST) {
      String from = moves.get(path);
      if (from != null) {
        copy(paths, from, path);
      }
    }
    for (String from : moves.values()) {
      store.delete(paths.at(from));
    }
  }

  private static void copy(OutputPaths paths, String from, String to) throws IOException {
    FileStore store = FileStore.of(paths.root());
    try (InputStream in = store.open(paths.at(from), 0)) {
      store.publish(paths.at(to), in::transferTo);
    }
  }
}
