package org.merganser.cli.job;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The flags of every command that runs a job: how it is watched and started, not what it does. */
public final class RunFlags {
  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Appends JSON lines about the run to FILE, a FIFO or - (standard output).")
  private @Nullable String events;

  @Option(
      names = "--ignore-space",
      description = "Begin though the output may not fit on the disk.")
  private boolean ignoreSpace;

  @Option(
      names = "--rehash",
      description = "Tell by sha256 which input files have changed, not by size and time.")
  private boolean rehash;

  @Option(
      names = "--replace",
      description = "Replace the result of another job that the output folder holds.")
  private boolean replace;

  /** Where events go; null for nowhere, {@code -} for standard output. */
  public @Nullable String events() {
    return events;
  }

  /** Where people read: standard output belongs to the events when they are sent there. */
  public PrintWriter forPeople(CommandSpec spec) {
    return "-".equals(events) ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }

  boolean ignoreSpace() {
    return ignoreSpace;
  }

  boolean replace() {
    return replace;
  }

  boolean rehash() {
    return rehash;
  }
}
