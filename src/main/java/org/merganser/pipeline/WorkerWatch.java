package org.merganser.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the reports of workers while an engine has the run, so that this JVM's {@link
 * StageMeter}s show what is done elsewhere. For progress alone: a report that cannot be read is
 * warned of once, and the run goes on.
 */
final class WorkerWatch implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);
  private static final long EVERY_SECONDS = 5;

  private final OutputLayout layout;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;
  private boolean warned;

  private WorkerWatch(OutputLayout layout) {
    this.layout = layout;
    this.thread = new Thread(this::watch, "merganser-workers");
    thread.setDaemon(true);
  }

  /** Watches until it is closed. */
  static WorkerWatch over(OutputLayout layout) {
    WorkerWatch watch = new WorkerWatch(layout);
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (!over.await(EVERY_SECONDS, TimeUnit.SECONDS)) {
        try {
          look(layout);
        } catch (IOException e) {
          warn(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run itself is being given up
    }
  }

  private void warn(IOException e) {
    if (!warned) {
      warned = true;
      LOG.warn("progress stands still: reports of workers cannot be read now ({})", e.toString());
    }
  }

  /** Notes what all workers but this JVM have done so far. */
  static void look(OutputLayout layout) throws IOException {
    List<WorkerReport> reports = WorkerReport.all(layout);
    for (Stage stage : Stage.values()) {
      StageReport sum = StageReport.NOTHING;
      for (WorkerReport report : reports) {
        StageReport part = report.stages().get(stage.label());
        if (part != null && !report.isOfThisJvm()) {
          sum = sum.plus(part);
        }
      }
      StageMeter.of(stage).noteElsewhere(sum);
    }
  }

  @Override
  public void close() {
    over.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
