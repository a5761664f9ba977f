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
  @Parameters(index = "0")
  private Path job = Path.of("");

  @Option(names = "--set")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--explain")
  private boolean explain;

  @Option(names = "--key")
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
