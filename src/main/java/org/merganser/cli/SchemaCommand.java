package org.merganser.cli;

import java.util.concurrent.Callable;
import org.merganser.cli.job.ExitCode;
import org.merganser.job.JobSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code schema}: the JSON Schema of the job file. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Prints the JSON Schema of the job file.",
    footer = {"", "Example: merganser schema > target/job.schema.json"})
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  SchemaCommand() {}

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(JobSchema.json());
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }
}
