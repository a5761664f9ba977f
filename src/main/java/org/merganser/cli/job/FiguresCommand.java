package org.merganser.cli.job;

import java.nio.charset.StandardCharsets;
import org.merganser.json.Json;
import picocli.CommandLine.Option;

/** The base of commands that print figures, for a person or as JSON. */
public abstract class FiguresCommand extends MerganserCommand {
  @Option(names = "--json")
  protected boolean json;

  /** Prints indented JSON with a final LF. */
  protected final void printJson(Object result) {
    out().print(new String(Json.figures(result), StandardCharsets.UTF_8));
    out().flush();
  }
}
