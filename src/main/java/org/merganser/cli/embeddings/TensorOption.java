package org.merganser.cli.embeddings;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --tensor} of the commands that read a table of another tool. */
final class TensorOption {
  @Option(
      names = "--tensor",
      paramLabel = "TENSOR",
      description = "Read this tensor or column (one of the usual names).")
  private @Nullable String name;

  /** The name of the tensor or column; null to look for one of the usual names. */
  @Nullable String name() {
    return name;
  }
}
