package org.merganser.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.RunSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command does with its job: explain it or run it, show progress, sum up. */
@Command
final class JobRunner {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /**
   * Returns the exit code.
   *
   * @param beamFlags everything that is not ours: {@code --runner=…}. Beam refuses what it doesn't
   *     know
   */
  int run(Job job, List<String> beamFlags, boolean explain) throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    MerganserRun run = MerganserRun.prepare(job, beamFlags);
    if (explain) {
      out.print(run.explanation());
      out.flush();
      return Main.DONE;
    }
    RunSummary summary;
    if (run.upToDate()) {
      summary = run.summary();
      out.println(
          "Nothing to do: " + summary.output() + " is already the result of this job and input.");
    } else {
      summary = new ProgressPrinter(out).watch(run::execute);
    }
    SummaryPrinter.print(summary, out);
    return summary.deadLetters() > 0 && summary.failOnDeadLetters() ? Main.DEAD_LETTERS : Main.DONE;
  }
}
