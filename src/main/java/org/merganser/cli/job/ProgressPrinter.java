package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageAccount;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Shows how far a run is. On a terminal the stages at work and the whole run have a bar each, which
 * are drawn again and again, and a stage that has finished leaves a line above them. Elsewhere
 * there is a plain line every few seconds.
 */
final class ProgressPrinter {
  private static final long LOOK_MILLIS = 250;
  private static final long PLAIN_MILLIS = 3000;

  /** Moves the cursor up by a number of lines and clears all below. */
  private static final String BACK = "\u001B[%dA\r\u001B[J";

  private final PrintWriter out;
  private final StageEvents events;
  private final MerganserRun run;
  private final boolean terminal = isTerminal();
  private final ProgressLines lines = new ProgressLines(color(), unicode());
  private final int columns = terminal ? columns() : 0;
  private final Set<Stage> told = EnumSet.noneOf(Stage.class);
  private long nextLine = System.nanoTime() + millis(PLAIN_MILLIS);
  private int drawn;

  ProgressPrinter(PrintWriter out, StageEvents events, MerganserRun run) {
    this.out = out;
    this.events = events;
    this.run = run;
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on the second question is the answer
  private static boolean isTerminal() {
    String term = System.getenv("TERM");
    return System.console() != null && term != null && !term.equals("dumb");
  }

  /** See no-color.org. */
  private static boolean color() {
    String asked = System.getenv("NO_COLOR");
    return asked == null || asked.isEmpty();
  }

  /** Whether the terminal's locale has block characters. */
  private static boolean unicode() {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .map(System::getenv)
        .filter(value -> value != null && !value.isEmpty())
        .findFirst()
        .map(value -> value.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8"))
        .orElse(false);
  }

  /** The columns of the terminal, as picocli finds them out for its help. */
  private static int columns() {
    return new UsageMessageSpec().autoWidth(true).width();
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

  /** Prints what is no progress, such as a warning; the bars are drawn anew below it. */
  synchronized void above(Runnable print) {
    clear();
    print.run();
  }

  private void look() {
    events.look();
    boolean due = System.nanoTime() - nextLine >= 0;
    if (due) {
      nextLine = System.nanoTime() + millis(PLAIN_MILLIS);
      events.progress();
    }
    if ((terminal || due) && !Interruption.stopping()) {
      show();
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

  private synchronized void show() {
    Map<Stage, StageAccount> stages = run.accounts();
    if (!terminal) {
      out.println(ProgressLines.line(stages));
      out.flush();
      return;
    }
    StringBuilder text = new StringBuilder(back());
    stages.forEach(
        (stage, account) -> {
          if (account.finished() && told.add(stage)) {
            text.append(ProgressLines.finished(stage, account)).append('\n');
          }
        });
    List<String> bars = lines.bars(stages, columns);
    bars.forEach(line -> text.append(line).append('\n'));
    drawn = bars.size();
    out.print(text);
    out.flush();
  }

  private String back() {
    return drawn == 0 ? "" : BACK.formatted(drawn);
  }

  private synchronized void clear() {
    out.print(back());
    out.flush();
    drawn = 0;
  }
}
