package org.merganser.cli;

import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.job.JobSchema;
import picocli.CommandLine.Command;

/** The command {@code schema}: the JSON Schema of the job file. */
@Command(
    name = "schema",
    description = "Print the JSON Schema of the job file.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} schema > target/job.schema.json
        """)
final class SchemaCommand extends MerganserCommand {
  @Override
  public Integer call() {
    out().print(JobSchema.json());
    return ExitCode.DONE.code();
  }
}
