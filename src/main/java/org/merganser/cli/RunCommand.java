package org.merganser.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.BeamFlags;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.request.HeldRequest;
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
    refuse(explain, "with --explain", "--json", "--events", "--rehash", "--verbose");
    refuse(key, "with --key", "--explain", "--events", "--rehash", "--replace", "--verbose");
    List<String> beamFlags = BeamFlags.of(unmatched(), spec);
    Job read = JobReader.read(job, overrides);
    if (key) {
      return key(MerganserRun.request(read, beamFlags));
    }
    return explain
        ? explain(MerganserRun.prepare(read, beamFlags, false, isGiven("--replace")))
        : run(read);
  }

  private int explain(MerganserRun prepared) throws IOException {
    prepared.explanation().lines().forEach(line -> out().println(TerminalText.message(line)));
    return ExitCode.DONE.code();
  }

  private int key(HeldRequest answer) {
    if (flags.json()) {
      printJson(answer);
    } else {
      String why = String.join("; ", answer.differences());
      String held =
          answer.data() == null ? "does not hold it: " + why : "holds it: data " + answer.data();
      out().println("request " + answer.request());
      out().println(TerminalText.line(answer.output() + " " + held));
    }
    return answer.data() != null ? ExitCode.DONE.code() : ExitCode.UNFINISHED.code();
  }
}
