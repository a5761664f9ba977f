package org.merganser.output;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;

/**
 * What a commit does, in {@code run/commit.json}: written and forced before the first step, deleted
 * after the last. So a commit that was interrupted is completed by the next command that writes.
 *
 * @param schema the version of this format, {@link #SCHEMA_VERSION}
 * @param replaces the sha256 of the manifest in place; null for the first version
 * @param manifest the sha256 of the new manifest
 * @param moves the files that are moved to their places; {@link Commit} moves the manifest and the
 *     record of the run last
 * @param deletes the paths of files that are deleted, relative to the output, in this order
 * @param stages the folders of the stage, relative to the output
 */
public record CommitJournal(
    int schema,
    @Nullable String replaces,
    String manifest,
    List<Move> moves,
    List<String> deletes,
    List<String> stages) {
  /** The version of this format; a journal of another version counts as damaged. */
  static final int SCHEMA_VERSION = 1;

  /**
   * A file that waits in the stage and is moved to its place.
   *
   * @param path its place, relative to the output
   * @param from where it waits, relative to the output
   * @param size its size in bytes
   * @param modified its last modification in nanoseconds of the epoch, which a rename keeps
   * @param sha256 its checksum, lower-case hex
   */
  public record Move(String path, String from, long size, long modified, String sha256) {}

  public CommitJournal {
    moves = List.copyOf(moves);
    deletes = List.copyOf(deletes);
    stages = List.copyOf(stages);
  }

  /**
   * The journal of a commit.
   *
   * @param replaces the sha256 of the manifest in place; null for none
   * @param moves the moves of all files of the version, of which one is the manifest
   * @param deletes the paths of files that are deleted
   * @param stages the folders of the stage
   */
  public static CommitJournal of(
      @Nullable String replaces, List<Move> moves, List<String> deletes, List<String> stages) {
    String manifest =
        moves.stream()
            .filter(move -> move.path().equals(OutputFile.MANIFEST.path()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a version has a manifest"))
            .sha256();
    return new CommitJournal(SCHEMA_VERSION, replaces, manifest, moves, deletes, stages);
  }

  /** Whether an output folder has a journal, which may be damaged. */
  public static boolean exists(String root) throws IOException {
    return FileStore.of(root).exists(location(root));
  }

  /** The location of the journal of an output folder. */
  private static String location(String root) {
    return root + "/" + OutputFile.JOURNAL.path();
  }

  /**
   * Reads the journal of an output folder.
   *
   * @return null if there is no journal, or if it is damaged, of another version of the program, or
   *     names a place that is not below the output folder: the folder may come from anyone
   */
  public static @Nullable CommitJournal read(String root) throws IOException {
    byte[] json = ChecksummedFile.find(location(root));
    try {
      CommitJournal journal =
          json == null ? null : Json.MAPPER.readValue(json, CommitJournal.class);
      boolean isUsable =
          journal != null && journal.schema == SCHEMA_VERSION && journal.namesOnlyPathsBelow();
      return isUsable ? journal : null;
    } catch (IOException ofAnotherVersion) {
      return null;
    }
  }

  /** Whether all paths are below the output folder. */
  private boolean namesOnlyPathsBelow() {
    return moves.stream().allMatch(move -> isBelow(move.path()) && isBelow(move.from()))
        && deletes.stream().allMatch(CommitJournal::isBelow)
        && stages.stream().allMatch(CommitJournal::isBelow);
  }

  /** Whether a path, which is null if the file lacks it, is below the output folder. */
  private static boolean isBelow(@Nullable String path) {
    return path != null && OutputFile.isBelow(path);
  }

  /** Writes the journal into an output folder and forces it to disk. */
  void publish(String root) throws IOException {
    ChecksummedFile.publish(location(root), Json.MAPPER.writeValueAsBytes(this));
  }
}
