package org.merganser.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.BeamFlags;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.JobRunner;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run")
final class RunCommand extends JobCommand {
  @Parameters(index = "0", paramLabel = "JOB.yaml", description = "The job file.")
  private Path job = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key: --set tokenizer.train.vocabSize=32000. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--explain", description = "Prints the resolved job and the plan; runs nothing.")
  private boolean explain;

  @Option(
      names = "--key",
      description =
          "Prints the job's fingerprint, and whether output holds its data (exit code 0) or"
              + " not (4); runs nothing.")
  private boolean key;

  @Override
  public Integer call() throws Exception {
    refuse(explain, "with --explain", "--json", "--events", "--rehash", "--replace", "--verbose");
    refuse(key, "with --key", "--explain", "--events", "--rehash", "--replace", "--verbose");
    List<String> beamFlags = BeamFlags.of(unmatched(), spec);
    Job read = JobReader.read(job, overrides);
    if (key) {
      return JobRunner.key(read, beamFlags, flags, spec);
    }
    return explain ? JobRunner.explain(read, beamFlags, spec) : run(read);
  }
}
