package org.merganser.pipeline.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.JobKeys;
import org.merganser.layout.ShardFormat;
import org.merganser.message.Phrase;
import org.merganser.output.ListedFolders;
import org.merganser.output.OutputListing;
import org.merganser.output.manifest.Manifest;
import org.merganser.store.FileStore;
import org.merganser.store.UnsupportedStoreException;

/**
 * Checks whether a run may write into the folder that a job names as its output, and that no input
 * is the output of a run.
 */
public final class OutputFolder {
  private OutputFolder() {}

  /**
   * Refuses a job that reads a file below its output, where a run replaces and deletes files, and
   * one whose output is in the output of another run.
   *
   * @throws JobException naming the key and the two locations
   */
  public static void requireOutside(Job job, OutputPaths paths) throws IOException {
    String other = outputAround(paths.root());
    if (other != null) {
      throw wrong(paths.root() + " " + phraseForPathIn(other));
    }
    for (Map.Entry<String, String> named : job.locations().entrySet()) {
      String key = named.getKey();
      if (!key.equals("output") && !JobKeys.at(key).isGlob()) { // CorpusPlanner checks globs
        requireSeparate(paths, key, job.at(named.getValue()));
      }
    }
  }

  /**
   * The output of a run that contains a location, with links and {@code ..} resolved; null for
   * none. The location itself may be an output.
   */
  public static @Nullable String outputAround(String location) throws IOException {
    String resolved = FileStore.of(location).resolved(location);
    int end = resolved.lastIndexOf('/');
    while (end > 0) {
      String folder = resolved.substring(0, end);
      if (!folder.endsWith("/") && isOutput(folder)) {
        return folder;
      }
      end = resolved.lastIndexOf('/', end - 1);
    }
    return null;
  }

  /** The end of an error about a path in the output of a run; the path precedes it. */
  public static String phraseForPathIn(String output) {
    return ("lies in %s, the output of a run, which may replace and delete files there; name a"
            + " path outside of it")
        .formatted(output);
  }

  /** Whether a folder is the output of a run, which may have finished or not. */
  public static boolean isOutput(String folder) throws IOException {
    FileStore store = FileStore.of(folder);
    return store.exists(folder + "/" + OutputPaths.MARKER)
        || (store.exists(folder + "/" + Manifest.FILE)
            && store.exists(folder + "/" + Manifest.OUTPUTS));
  }

  /**
   * Refuses an input that is the output folder of a run. A glob or a folder within one is read,
   * such as the texts of dead letters.
   *
   * @param own the output of the run that reads the inputs, which is not refused here, since the
   *     listing of the inputs refuses it; null for none
   * @throws CorpusException naming the input and what to write instead
   */
  public static void requireNoInput(CorpusSettings settings, @Nullable String own)
      throws IOException {
    String ownFolder = own == null ? null : FileStore.of(own).resolved(own);
    List<CorpusInput> inputs = new ArrayList<>(settings.validationInputs());
    inputs.addAll(settings.inputs());
    for (CorpusInput input : inputs) {
      String folder = resolvedOutput(input.path());
      if (folder != null && !folder.equals(ownFolder)) {
        throw new CorpusException(
            ("the input %s is the output folder of a run, which holds no corpus; name the corpus"
                    + " that this run read. A job encodes with its tokenizer by tokenizer.load: %s,"
                    + " and writes its shards in other formats by shards.from: [%s]; a glob, such"
                    + " as %s/dead-letters/**, reads files of it all the same")
                .formatted(input.path(), folder, folder, folder));
      }
    }
  }

  /**
   * The folder at a path, with links resolved, if it is the output of a run; null for any other
   * path. It is also null for one that cannot be read, which the listing of the inputs reports.
   */
  private static @Nullable String resolvedOutput(String path) throws IOException {
    try {
      String folder = FileStore.of(path).resolved(path);
      return isOutput(folder) ? folder : null;
    } catch (FileSystemException | UnsupportedStoreException cannotBeRead) {
      return null;
    }
  }

  /**
   * Requires that the folders in which a run writes are not the output of another run, nor links
   * into one.
   *
   * @throws JobException naming a folder that contains another run's output or a link into one
   */
  public static void requireNoRunWithin(OutputPaths paths) throws IOException {
    FileStore store = FileStore.of(paths.root());
    String root = store.resolved(paths.root());
    List<String> folders = new ArrayList<>(OutputListing.FOLDERS);
    for (ShardFormat format : ShardFormat.values()) {
      folders.add(ListedFolders.SHARDS + "/" + format.spelled());
      folders.add(ListedFolders.VALIDATION + "/" + format.spelled());
    }
    for (String folder : folders) {
      String resolved = store.resolved(paths.at(folder));
      boolean isLink = !resolved.equals(root + "/" + folder);
      String around = isLink ? outputAround(resolved) : null;
      if (isOutput(resolved) || (around != null && !around.equals(root))) {
        throw wrong(
            "%s has %s in its folder %s; name another output, or %s, so that neither replaces"
                + " files of the other",
            paths.root(),
            isLink ? "a link to the output of another run" : "the output of another run",
            folder,
            isLink ? "remove the link" : "move that one");
      }
    }
  }

  /** Marks a folder as the output of a run. */
  public static void mark(OutputPaths paths) throws IOException {
    byte[] marker = "{\"product\":\"merganser\"}\n".getBytes(StandardCharsets.UTF_8);
    FileStore.publish(paths.at(OutputPaths.MARKER), marker);
  }

  /**
   * Requires that the output does not exist and can be created, is empty, or was written by a run.
   *
   * @throws JobException naming the folder if it has files that no run wrote
   */
  public static void requireOurs(OutputPaths paths) throws IOException {
    FileStore store = FileStore.of(paths.root());
    if (!store.exists(paths.root())) {
      requireNoBrokenLink(paths.root());
      requireNoFileAbove(paths.root());
      return;
    }
    if (!store.isFolder(paths.root())) {
      throw wrong(paths.root() + " is a file; name a folder");
    }
    String marker = paths.at(OutputPaths.MARKER);
    // A run that begins meanwhile writes the marker before any other file, so check it again.
    if (!store.exists(marker)
        && OutputListing.hasAny(paths.root(), OutputFolder::isNotOurs)
        && !store.exists(marker)) {
      throw wrong(
          "%s is not empty and was not written by merganser (it has no %s); name another folder,"
              + " or empty it yourself",
          paths.root(), OutputPaths.MARKER);
    }
  }

  /** The error that the key {@code output} must be corrected. The message is a {@link Phrase}. */
  public static JobException wrong(String format, @Nullable Object... values) {
    return new JobException("output", List.of(Phrase.of(format, values)));
  }

  /**
   * Requires that a file that the job reads is not in the output, and that the output is not in a
   * run whose shards the job reads.
   *
   * @param key the key of the job that names the file
   * @param location the location of the file
   */
  private static void requireSeparate(OutputPaths paths, String key, String location)
      throws IOException {
    if (FileStore.isLocal(location) != FileStore.isLocal(paths.root())) {
      return;
    }
    String output = FileStore.of(paths.root()).resolved(paths.root());
    String read = FileStore.of(location).resolved(location);
    boolean isInOutput = (read + "/").startsWith(output + "/");
    boolean isRunAroundOutput =
        key.startsWith("shards.from") && (output + "/").startsWith(read + "/");
    if (isInOutput || isRunAroundOutput) {
      throw wrong(
          "%s and %s: %s%s; a run writes and deletes files below its output: name another output,"
              + " or copy what it reads to a folder outside of it",
          paths.root(),
          key,
          location,
          read.equals(output) ? " are the same folder" : " lie one in the other");
    }
  }

  /** Refuses an output that is a link to a missing folder. */
  private static void requireNoBrokenLink(String output) throws IOException {
    if (FileStore.isLocal(output) && Files.isSymbolicLink(FileStore.localPath(output))) {
      throw wrong(
          "%s is a link to %s, which is not there; make that folder, or name another",
          output, Files.readSymbolicLink(FileStore.localPath(output)));
    }
  }

  /** Refuses an output that cannot be created, since a folder above it is a file. */
  private static void requireNoFileAbove(String output) throws IOException {
    if (FileStore.isLocal(output)) {
      Path above = FileStore.localPath(output).toAbsolutePath().normalize().getParent();
      while (above != null && !Files.exists(above)) {
        above = above.getParent();
      }
      if (above != null && !Files.isDirectory(above)) {
        throw wrong("%s cannot be made: %s is a file and no folder", output, above);
      }
    }
  }

  /**
   * Whether a file in a folder without a marker was not left by a run: one that was killed before
   * it marked the folder leaves only drafts and the files of its lock.
   */
  private static boolean isNotOurs(String path) {
    return !FileStore.isTemporary(path)
        && !path.equals(OutputPaths.LOCK)
        && !path.equals(OutputPaths.HOLDER);
  }
}
