package org.merganser.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.merganser.job.Job;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.RunSummary;

/** What every command does with its job: explain it or run it, show progress, sum up. */
final class JobRunner {
  private JobRunner() {}

  /** Returns the exit code. */
  static int run(Job job, boolean explain, List<String> beamFlags, PrintWriter out)
      throws IOException {
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
    return summary.tooManyDeadLetters() ? Main.DEAD_LETTERS : Main.DONE;
  }
}
