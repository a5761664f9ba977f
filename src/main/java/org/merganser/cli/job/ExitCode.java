package org.merganser.cli.job;

/** The exit codes of the process; {@code merganser --help} says what each means. */
public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int DEAD_LETTERS = 3;
  public static final int UNFINISHED = 4;
  static final int LOCKED = 5;
  static final int NO_SPACE = 6;
  static final int OUT_OF_MEMORY = 7;
  static final int CHANGED_FILES = 8;

  private ExitCode() {}
}
