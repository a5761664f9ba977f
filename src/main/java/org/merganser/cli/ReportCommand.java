package org.merganser.cli;

import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.pipeline.finish.ReportPublication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code report}: the page of a finished run, from its statistics. */
@Command(
    name = "report",
    description =
        "Write report.html of a finished run again. The corpus is not read. "
            + "docs/report.md explains the figures.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} report target/sample
        """)
final class ReportCommand extends MerganserCommand {
  @Mixin private OutputArgument.Only run = new OutputArgument.Only();

  @Override
  public Integer call() throws Exception {
    String output = run.get("the output folder of the run");
    out().println("Wrote " + ReportPublication.publish(output));
    return ExitCode.DONE.code();
  }
}
