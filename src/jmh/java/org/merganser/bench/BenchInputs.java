package org.merganser.bench;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The corpus that a command measures on. */
class BenchInputs {
  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "GLOB",
      description = "Files, folders and globs, as for run.")
  private List<String> inputs = new ArrayList<>();

  final List<String> globs() {
    return inputs;
  }
}
