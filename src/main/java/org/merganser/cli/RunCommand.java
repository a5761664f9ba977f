package org.merganser.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.BeamArguments;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.request.RequestStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code run}: runs the job of a file, explains it, or looks for its result. */
@Command(
    name = "run",
    description = "Run a job file, unless its result is already there.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} run pipelines/sample.yaml --set tokenizer.train.vocabSize=2048 \\
                   --set output=target/smaller
        Relative paths in the job file are relative to its folder; paths in --set are
        relative to the current folder.
        Beam's own flags follow the job: --targetParallelism=2, --runner FlinkRunner …
        """)
final class RunCommand extends JobCommand {
  @Parameters(index = "0", paramLabel = "JOB.yaml", description = "The job file.")
  private Path jobFile = Path.of(""); // picocli sets it, since it is required

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a key: --set tokenizer.train.vocabSize=32000. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--explain", description = "Print the resolved job and the plan; run nothing.")
  private boolean explain;

  @Option(
      names = "--key",
      description =
          "Print the job's fingerprint, and end with exit code 0 if output holds its "
              + "data, else with 4; run nothing.")
  private boolean printsKey;

  @Option(
      names = "--accept",
      paramLabel = "FILE",
      description =
          "Accept the dead letters of this waiting file (its name in the column file) for good. May"
              + " be repeated.")
  private List<String> accepted = new ArrayList<>();

  @Override
  protected List<String> acceptedFiles() {
    return accepted;
  }

  @Override
  public Integer call() throws Exception {
    refuseIf(explain, "with --explain", "--json", "--events", "--rehash", "--verbose", "--accept");
    refuseIf(
        printsKey,
        "with --key",
        "--explain",
        "--events",
        "--rehash",
        "--replace",
        "--verbose",
        "--accept");
    List<String> beamFlags = BeamArguments.of(unmatchedArguments(), spec);
    Job job = JobReader.read(jobFile, overrides);
    if (printsKey) {
      return printKey(MerganserRun.request(job, beamFlags));
    }
    if (explain) {
      boolean rehash = false;
      boolean replace = isGiven("--replace");
      PreparationOptions options = new PreparationOptions(rehash, replace);
      return printPlan(MerganserRun.prepare(job, beamFlags, options));
    }
    return run(job);
  }

  /** Prints the resolved job and the plan of a run; returns the exit code. */
  private int printPlan(MerganserRun prepared) throws IOException {
    prepared.explanation().lines().forEach(line -> out().println(TerminalText.message(line)));
    return ExitCode.DONE.code();
  }

  /**
   * Prints the fingerprint of the job, and whether the output holds its data; returns the exit
   * code.
   */
  private int printKey(RequestStatus status) {
    boolean isHeld = status.data() != null;
    if (runOptions.json()) {
      printJson(status);
    } else {
      String whether =
          isHeld
              ? "holds it: data " + status.data()
              : "does not hold it: " + String.join("; ", status.differences());
      out().println("request " + status.request());
      out().println(TerminalText.line(status.output() + " " + whether));
    }
    return isHeld ? ExitCode.DONE.code() : ExitCode.UNFINISHED.code();
  }
}
