package org.merganser.cli.job;

import java.io.PrintWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of every command that runs a job: how it is started and watched. */
public final class RunOptions {
  @OnlyInFullHelp
  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Append JSON lines about the run to FILE, a FIFO or - (standard output).")
  private @Nullable String events;

  @OnlyInFullHelp
  @Option(
      names = "--ignore-space",
      description = "Begin even if the output may not fit on the disk.")
  private boolean ignoreSpace;

  @OnlyInFullHelp
  @Option(
      names = "--rehash",
      description = "Detect changed input files by SHA-256 instead of size and time.")
  private boolean rehash;

  @Option(
      names = "--replace",
      description = "Replace the result of another job that the output folder holds.")
  private boolean replace;

  @OnlyInFullHelp
  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but warnings and errors.")
  private boolean quiet;

  @OnlyInFullHelp
  @Option(names = "--verbose", description = "Print more at the end: files and times of stages.")
  private boolean verbose;

  @Option(
      names = "--json",
      description = "Print the result as a JSON object; progress goes to standard error.")
  private boolean json;

  /** Whether the result is printed as JSON. */
  public boolean json() {
    return json;
  }

  /** The target of events; null for none, {@code -} for standard output. */
  public @Nullable String events() {
    return events;
  }

  /** Whether a run begins even if the output may not fit on the disk. */
  boolean ignoreSpace() {
    return ignoreSpace;
  }

  /** Whether changed input files are detected by their bytes. */
  boolean rehash() {
    return rehash;
  }

  /** Whether the result of another job in the output folder is replaced. */
  boolean replace() {
    return replace;
  }

  /** Whether files and times of stages are printed at the end. */
  boolean verbose() {
    return verbose;
  }

  /** The writer of text for a person: standard output unless something else is written there. */
  public PrintWriter writerForPeople(CommandSpec command) {
    boolean isOutTaken = json || "-".equals(events);
    return unlessQuiet(
        isOutTaken ? command.commandLine().getErr() : command.commandLine().getOut());
  }

  /** The writer, or one that drops everything with {@code --quiet}. */
  public PrintWriter unlessQuiet(PrintWriter writer) {
    return quiet ? new PrintWriter(Writer.nullWriter()) : writer;
  }
}
