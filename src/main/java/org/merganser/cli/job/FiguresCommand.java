package org.merganser.cli.job;

import picocli.CommandLine.Option;

/** The base of commands that print figures, for a person or as JSON. */
public abstract class FiguresCommand extends MerganserCommand {
  /** Whether the figures are printed as JSON. */
  @Option(names = "--json", description = "Print the result as a JSON object.")
  protected boolean json;
}
