package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.report.Plural;

/**
 * Shows how far a run is: one line that is rewritten on a terminal, a plain line every few seconds
 * elsewhere.
 */
final class ProgressPrinter {
  private static final long LOOK_MILLIS = 250;
  private static final long PLAIN_MILLIS = 3000;

  private final PrintWriter out;
  private final StageEvents events;
  private final MerganserRun run;
  private final boolean terminal;
  private long nextLine = System.nanoTime() + millis(PLAIN_MILLIS);
  private String shown = "";

  ProgressPrinter(PrintWriter out, StageEvents events, MerganserRun run) {
    this.out = out;
    this.events = events;
    this.run = run;
    this.terminal = isTerminal();
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on the second question is the answer
  private static boolean isTerminal() {
    return System.console() != null && System.getenv("TERM") != null;
  }

  /** Runs {@code work} on another thread and reports until it is done. */
  <T> T watch(Callable<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "merganser-run");
    thread.start();
    try {
      while (true) {
        try {
          T result = task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          clear();
          events.end();
          return result;
        } catch (TimeoutException stillRunning) {
          look();
        }
      }
    } catch (ExecutionException e) {
      clear();
      throw rethrow(Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the run was under way; run it again to go on", e);
    }
  }

  private void look() {
    events.look();
    boolean due = System.nanoTime() - nextLine >= 0;
    if (due) {
      nextLine = System.nanoTime() + millis(PLAIN_MILLIS);
      events.progress();
    }
    if ((terminal || due) && !Interruption.stopping()) {
      show(line());
    }
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static IOException rethrow(Throwable cause) throws IOException {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  /** The stages that threads work on now; between two, the last one that has begun. */
  private String line() {
    List<Stage> atWork = run.atWork();
    if (atWork.isEmpty()) {
      Stage last = run.lastStage();
      return last == null ? "starting" : line(last);
    }
    return atWork.stream().map(this::line).collect(Collectors.joining("; "));
  }

  private String line(Stage stage) {
    StageMeter meter = run.meter(stage);
    StringBuilder line = new StringBuilder(stage.label());
    line.append(String.format(Locale.ROOT, " %.0f %%", Math.floor(100 * run.share(stage))));
    if (meter.documents() > 0) {
      line.append(": " + Plural.of(meter.documents(), "document"));
    }
    if (meter.bytes() > 0) {
      double seconds = Math.max(meter.seconds(), 1e-3);
      line.append(
          String.format(
              Locale.ROOT,
              ", %s, %s/s",
              SummaryPrinter.bytes(meter.bytes()),
              SummaryPrinter.bytes((long) (meter.bytes() / seconds))));
    }
    if (meter.tokens() > 0) {
      line.append(", " + Plural.of(meter.tokens(), stage == Stage.LEARN ? "merge" : "token"));
    }
    long planned = run.plannedUnits(stage);
    if (planned > 1) {
      line.append(
          String.format(
              Locale.ROOT,
              ", %,d of %,d units done",
              meter.unitsDone() + meter.unitsSkipped(),
              planned));
      if (meter.unitsSkipped() > 0) {
        line.append(String.format(Locale.ROOT, " (%,d there already)", meter.unitsSkipped()));
      }
    }
    return line.toString();
  }

  private void show(String line) {
    if (!terminal) {
      out.println(line);
    } else if (!line.equals(shown)) {
      out.print("\r" + line + " ".repeat(Math.max(0, shown.length() - line.length())));
      shown = line;
    }
    out.flush();
  }

  private void clear() {
    if (!shown.isEmpty()) {
      out.print("\r" + " ".repeat(shown.length()) + "\r");
      out.flush();
    }
  }
}
