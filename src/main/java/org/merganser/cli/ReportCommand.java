package org.merganser.cli;

import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.pipeline.ReportPublication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "report")
final class ReportCommand extends MerganserCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Parameters(arity = "0..1", paramLabel = "OUT", description = "The output folder of the run.")
  private @Nullable String argument;

  @Override
  public Integer call() throws Exception {
    String output = run.or(argument, "the output folder of the run", spec);
    out().println("Wrote " + ReportPublication.publish(output));
    return ExitCode.DONE;
  }
}
