package org.merganser.cli.job;

import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** A command line as it was typed, to be typed again. */
final class CommandText {
  private CommandText() {}

  static String of(CommandSpec spec) {
    return "merganser "
        + spec.root().commandLine().getParseResult().originalArgs().stream()
            .map(CommandText::quoted)
            .collect(Collectors.joining(" "));
  }

  private static String quoted(String arg) {
    return arg.matches("[A-Za-z0-9_@%+=:,./-]+") ? arg : "'" + arg.replace("'", "'\\''") + "'";
  }
}
