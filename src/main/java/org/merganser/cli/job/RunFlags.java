package org.merganser.cli.job;

import java.io.PrintWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The flags of every command that runs a job: how it is started and watched. */
public final class RunFlags {
  @Option(names = "--events")
  private @Nullable String events;

  @Option(names = "--ignore-space")
  boolean ignoreSpace;

  @Option(names = "--rehash")
  boolean rehash;

  @Option(names = "--replace")
  boolean replace;

  @Option(names = {"-q", "--quiet"})
  private boolean quiet;

  @Option(names = "--verbose")
  boolean verbose;

  @Option(names = "--json")
  private boolean json;

  public boolean json() {
    return json;
  }

  /** The target of events; null for none, {@code -} for standard output. */
  public @Nullable String events() {
    return events;
  }

  public PrintWriter forPeople(CommandSpec spec) {
    return unlessQuiet(
        "-".equals(events) || json ? spec.commandLine().getErr() : spec.commandLine().getOut());
  }

  public PrintWriter unlessQuiet(PrintWriter writer) {
    return quiet ? new PrintWriter(Writer.nullWriter()) : writer;
  }
}
