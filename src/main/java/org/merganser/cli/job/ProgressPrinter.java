package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.merganser.cli.terminal.TerminalWriter;
import org.merganser.pipeline.MerganserRun;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Shows the progress of a run: on a terminal, one line that is overwritten; elsewhere, a new line
 * every few seconds unless it is equal to the last. Also writes the events of progress.
 */
final class ProgressPrinter {
  /** The time between two looks at the figures of the run. */
  private static final long PERIOD_MILLIS = 250;

  /** The time between two events of progress, and between two lines without a terminal. */
  private static final long LINE_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final PrintWriter out;
  private final StageEvents events;
  private final MerganserRun run;
  private final boolean terminal = isTerminal();

  /** The width of the terminal, as picocli finds it for its help. */
  private final int columns = new UsageMessageSpec().autoWidth(true).width();

  /** The last line that was printed, if there is no terminal. */
  private String lastLine = "";

  /** When the next events of progress, and the next line without a terminal, are due. */
  private long nextLineNanos = System.nanoTime() + LINE_PERIOD_NANOS;

  /**
   * @param out receives the lines
   * @param events writes the events
   * @param run has the figures
   */
  ProgressPrinter(PrintWriter out, StageEvents events, MerganserRun run) {
    this.out = out;
    this.events = events;
    this.run = run;
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on, a console exists without a terminal
  private static boolean isTerminal() {
    String term = System.getenv("TERM");
    return System.console() != null && term != null && !term.equals("dumb");
  }

  /**
   * Runs {@code work} on another thread, and reports until it is done. If this thread is
   * interrupted, the work goes on unreported.
   *
   * @throws IOException if the work throws one, or another checked exception, which is the cause;
   *     and if this thread is interrupted
   */
  <T> T watch(Callable<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "merganser-run");
    thread.start();
    try {
      while (true) {
        try {
          T result = task.get(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
          clear();
          events.writeLast();
          return result;
        } catch (TimeoutException stillRunning) {
          update();
        }
      }
    } catch (ExecutionException e) {
      clear();
      throw rethrow(Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the run was active; run it again to continue", e);
    }
  }

  /** Prints other output, such as a warning; the line of progress is written again below it. */
  synchronized void printAbove(Runnable print) {
    clear();
    print.run();
  }

  /** Writes new events, and shows the progress if it is time. */
  private void update() {
    events.writeNew();
    boolean isDue = System.nanoTime() - nextLineNanos >= 0;
    if (isDue) {
      nextLineNanos = System.nanoTime() + LINE_PERIOD_NANOS;
      events.writeProgress();
    }
    if ((terminal || isDue) && !Interruption.isStopping()) {
      show(ProgressLines.line(run.figures()));
    }
  }

  /** Throws an unchecked cause; returns any other as an {@link IOException}. */
  private static IOException rethrow(Throwable cause) throws IOException {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  /** Overwrites the line of a terminal; elsewhere prints a line unless it is equal to the last. */
  private synchronized void show(String line) {
    if (terminal) {
      TerminalWriter.clearLine(out);
      int shown = Math.min(columns - 1, line.length()); // a full line would move the cursor on
      out.print(line.substring(0, shown));
    } else if (!line.equals(lastLine)) { // such as "starting", which a log needs once
      out.println(line);
      lastLine = line;
    }
    out.flush();
  }

  /** Clears the line of a terminal. */
  private synchronized void clear() {
    if (terminal) {
      TerminalWriter.clearLine(out);
      out.flush();
    }
  }
}
