package org.merganser.message;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands of this program in the form in which the user can type them. */
public final class ProgramCommand {
  private ProgramCommand() {}

  /** How the program was called, such as {@code ./merganser}; the launcher sets it. */
  public static String name() {
    String called = System.getenv("MERGANSER_COMMAND");
    return called == null || called.isBlank() ? "merganser" : called;
  }

  /** A command line of this program, quoted for a shell. */
  public static String line(String... arguments) {
    return name() + Stream.of(arguments).map(a -> " " + argument(a)).collect(Collectors.joining());
  }

  /** An argument quoted so that a shell takes it literally. */
  public static String argument(String value) {
    return value.matches("[A-Za-z0-9_@%+=:,./-]+")
        ? value
        : "'" + value.replace("'", "'\\''") + "'";
  }
}
