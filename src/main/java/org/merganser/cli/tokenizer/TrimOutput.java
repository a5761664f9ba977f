package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.corpus.CorpusSettings;
import org.merganser.message.Phrase;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --output} of {@code trim}, and which folders it may name. */
final class TrimOutput {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--output",
      required = true,
      converter = FileArgument.Location.class,
      paramLabel = "FOLDER",
      description = "Write this folder.")
  private String folder = "";

  /** The location of the folder. */
  String folder() {
    return folder;
  }

  /**
   * Requires a new folder, or one that an earlier {@code trim} wrote, apart from all inputs.
   *
   * @param inputs locations that the command reads; null for none
   * @param corpus texts that the command reads; null for none
   */
  void requireWritable(List<? extends @Nullable Object> inputs, @Nullable CorpusSettings corpus)
      throws IOException {
    new WrittenPath("--output", folder)
        .requireOutsideOfOutputs()
        .requireNoOutput()
        .requireApartFrom(inputs)
        .requireApartFrom(corpus);
    FileStore store = FileStore.of(folder);
    if (store.exists(folder) && !store.isFolder(folder)) {
      throw wrongUsage("--output %s is a file; name a folder", folder);
    }
    requireReplaceable(store);
  }

  /** Refuses a folder with files that {@code trim} did not write. */
  private void requireReplaceable(FileStore store) throws IOException {
    String map = folder + "/" + TrimmedFolder.ID_MAP; // marks a folder that trim wrote
    if (store.exists(map) && Files.size(LocalFiles.of(map)) > 0) {
      new WrittenPath("--output", map)
          .requireReplaceable(new WrittenPath.Kind("ids of trim", TrimmedFolder::isIdMap));
    } else if (store.exists(folder)
        && !store.listFolder(folder, path -> !FileStore.isTemporary(path)).isEmpty()) {
      throw wrongUsage(
          "--output %s is not empty and was not written by trim (its %s is missing or empty);"
              + " name another folder",
          folder, TrimmedFolder.ID_MAP);
    }
  }

  private ParameterException wrongUsage(String format, Object... values) {
    return new ParameterException(command.commandLine(), Phrase.of(format, values));
  }
}
