package org.merganser.cli;

import java.util.concurrent.Callable;
import org.merganser.cli.job.ExitCode;
import org.merganser.pipeline.ReportPublication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report OUT}: the page of a finished run, made again. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Makes report.html of a finished run again, from its output folder; the corpus is not read.",
      "What its figures mean is in docs/report.md."
    },
    footer = {"", "Example: merganser report target/sample"})
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT", description = "The output folder of the run.")
  private String output = "";

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ReportCommand() {}

  @Override
  public Integer call() throws Exception {
    spec.commandLine().getOut().println("Wrote " + ReportPublication.publish(output));
    return ExitCode.DONE;
  }
}
