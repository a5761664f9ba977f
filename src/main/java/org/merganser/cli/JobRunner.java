package org.merganser.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.RunSummary;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** What every command does with its job: explain it or run it, show progress, sum up. */
final class JobRunner {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /**
   * Everything that is not ours is Beam's: {@code --runner=…}. Beam refuses what it doesn't know.
   */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  /** Returns the exit code. */
  int run(Job job, boolean explain) throws IOException {
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
