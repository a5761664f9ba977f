package org.merganser.cli.embeddings;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.WrittenPath;
import picocli.CommandLine.Option;

/** The option {@code --output} of the commands about embedding tables. */
final class TableOutput {
  @Option(
      names = "--output",
      required = true,
      converter = FileArgument.Location.class,
      paramLabel = "FILE",
      description = "Write this file.")
  private String location = "";

  /** The location as it is given, unchecked. */
  String location() {
    return location;
  }

  /**
   * Returns the location, after checking that there is no file, or one of the kind that is
   * replaced; see {@link WrittenPath}.
   *
   * @param kind of file that the command writes
   * @param inputs locations of the command, which it may not replace; null for none
   */
  String checkedLocation(WrittenPath.Kind kind, @Nullable Object... inputs) throws IOException {
    new WrittenPath("--output", location)
        .requireOutsideOfOutputs()
        .requireApartFrom(Arrays.asList(inputs))
        .requireReplaceable(kind);
    return location;
  }
}
