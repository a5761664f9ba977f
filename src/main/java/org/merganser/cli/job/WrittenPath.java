package org.merganser.cli.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.apache.commons.io.function.IOPredicate;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.job.JobException;
import org.merganser.message.Phrase;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;

/**
 * Checks a path that a user gives a command to write, before the command does anything. Each check
 * is a method, and a command calls those that it needs: that the path is not an input or in one,
 * not in the output of a run, and no file of a kind that the command does not write. Links and
 * {@code ..} are resolved.
 *
 * @param option that names the path, such as {@code --output}
 * @param location of the path, as the user named it
 */
public record WrittenPath(String option, String location) {
  /**
   * A kind of file that a command may replace.
   *
   * @param name for messages, with its article
   * @param isOfKind whether a local, nonempty file is of the kind
   */
  public record Kind(String name, IOPredicate<Path> isOfKind) {}

  /**
   * Refuses a path in the output of a run. The path itself may be the output of a run: a command
   * that writes a folder decides whether it continues it.
   *
   * @throws JobException naming the output
   */
  public WrittenPath requireOutsideOfOutputs() throws IOException {
    String output = OutputFolder.outputAround(location);
    if (output != null) {
      throw wrong(OutputFolder.phraseForPathIn(output));
    }
    return this;
  }

  /**
   * Refuses a path in a folder that is, or will be, the output of a run.
   *
   * @param output the location of the folder
   * @throws JobException naming the output
   */
  public WrittenPath requireOutsideOf(String output) throws IOException {
    String resolved = FileStore.of(location).resolved(location) + "/";
    if (isComparable(output) && resolved.startsWith(FileStore.of(output).resolved(output) + "/")) {
      throw wrong(
          "lies in the output folder %s, which may replace and delete files there; name a path"
              + " outside of it",
          output);
    }
    return this;
  }

  /**
   * Refuses a folder that is the output of a run, for a command that is not a run.
   *
   * @throws JobException for such a folder
   */
  public WrittenPath requireNoOutput() throws IOException {
    if (OutputFolder.isOutput(FileStore.of(location).resolved(location))) {
      throw wrong(
          "is the output of a run, which may replace and delete files there; name another folder");
    }
    return this;
  }

  /**
   * Refuses a path that is one of the inputs, is in one, or has one below it.
   *
   * @param inputs each a location as a string, a local path, or null for none
   * @throws JobException naming the input
   */
  public WrittenPath requireApartFrom(Collection<? extends @Nullable Object> inputs)
      throws IOException {
    String written = FileStore.of(location).resolved(location) + "/";
    for (Object input : inputs) {
      if (input != null && isComparable(input.toString())) {
        String read = FileStore.of(input.toString()).resolved(input.toString()) + "/";
        if (written.startsWith(read) || read.startsWith(written)) {
          throw wrong(
              written.equals(read)
                  ? "is the input %s; name another path".formatted(input)
                  : "and the input %s lie one in the other; name a path apart from it"
                      .formatted(input));
        }
      }
    }
    return this;
  }

  /**
   * Refuses a path that is read as part of a corpus, now or when it exists.
   *
   * @param corpus null for none
   * @throws JobException naming the input
   */
  public WrittenPath requireApartFrom(@Nullable CorpusSettings corpus) throws IOException {
    if (corpus != null && corpus.inputs().stream().allMatch(input -> isComparable(input.path()))) {
      try {
        CorpusPlanner.requireApart(corpus, List.of(), location);
      } catch (CorpusException e) {
        throw wrong("is part of an input (%s)", e.getMessage());
      }
    }
    return this;
  }

  /**
   * Refuses to replace an existing file, unless it is empty or of a kind.
   *
   * @param kind of the files that the command writes
   * @throws JobException for a folder, a device, or a file of another kind
   */
  public void requireReplaceable(Kind kind) throws IOException {
    FileStore store = FileStore.of(location);
    if (!store.exists(location)) {
      return;
    }
    if (store.isFolder(location)) {
      throw wrong("is a folder; name a file");
    }
    Path file = LocalFiles.of(location);
    if (!Files.isRegularFile(file)) {
      throw wrong("is no regular file; name one");
    }
    if (Files.size(file) > 0 && !kind.isOfKind().test(file)) {
      throw wrong(
          "exists and is not %s, and only such a file is replaced; name another, or delete it",
          kind.name());
    }
  }

  /** Whether one may contain the other: both are local, or neither is. */
  private boolean isComparable(String other) {
    return FileStore.isLocal(other) == FileStore.isLocal(location);
  }

  private JobException wrong(String format, @Nullable Object... values) {
    return new JobException(option + " " + location, List.of(Phrase.of(format, values)));
  }
}
