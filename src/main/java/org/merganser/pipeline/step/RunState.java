package org.merganser.pipeline.step;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.merganser.json.Json;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.store.FileStore;

/**
 * What this JVM keeps of a run that it takes part in: the meters of the stages. Its output folder
 * names the run, since a folder has one run at a time.
 *
 * <p>The JVM that leads the run, its driver, makes the state and keeps it registered from {@link
 * #begin} to {@link #close}. A worker's JVM makes one with the first step that it gets, and keeps
 * it, some tens of kilobytes, until it ends: nobody tells it that the run is over.
 */
public final class RunState implements Closeable {
  /** How often a worker that is at work replaces its file. */
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Map<String, RunState> RUNS = new ConcurrentHashMap<>();

  /** Folders of runs that this JVM leads or has led: of those it is no worker, also afterwards. */
  private static final Set<String> LED = ConcurrentHashMap.newKeySet();

  private final OutputLayout layout;
  private final boolean worker;
  private final Map<Stage, StageMeter> meters = new EnumMap<>(Stage.class);
  private final AtomicLong nextReport = new AtomicLong(System.nanoTime());

  private RunState(OutputLayout layout, boolean worker) {
    this.layout = layout;
    this.worker = worker;
    for (Stage stage : Stage.values()) {
      meters.put(stage, new StageMeter(this));
    }
  }

  /**
   * The state of a run that this JVM leads, with its meters at zero.
   *
   * @param layout as the run's {@link RunSpec} has it
   */
  public static RunState ofDriver(OutputLayout layout) {
    return new RunState(layout, false);
  }

  /** From now on the steps of the run that work in this JVM find this state. */
  public RunState begin() {
    LED.add(layout.root());
    RUNS.put(layout.root(), this);
    return this;
  }

  /** The run is over. */
  @Override
  public void close() {
    RUNS.remove(layout.root(), this);
  }

  /**
   * The state of the run that writes into a folder, for a step of it that works in this JVM. A step
   * that is late, and works after its driver has ended the run, gets one that nobody looks at.
   */
  static RunState of(OutputLayout layout) {
    RunState known = RUNS.get(layout.root());
    if (known != null) {
      return known;
    }
    return LED.contains(layout.root())
        ? ofDriver(layout)
        : RUNS.computeIfAbsent(layout.root(), root -> new RunState(layout, true));
  }

  OutputLayout layout() {
    return layout;
  }

  public StageMeter meter(Stage stage) {
    return Objects.requireNonNull(meters.get(stage));
  }

  /** What was done of each stage that is planned or has begun, in the order of stages. */
  public Map<Stage, StageAccount> accounts() {
    Map<Stage, StageAccount> accounts = new EnumMap<>(Stage.class);
    meters.forEach(
        (stage, meter) -> {
          StageAccount account = meter.account();
          if (account.started() || account.get(StageAccount.Figure.UNITS_PLANNED) > 0) {
            accounts.put(stage, account);
          }
        });
    return accounts;
  }

  /** Replaces the file in which this JVM reports; one that leads the run has none. */
  void publish() throws IOException {
    if (worker) {
      byte[] json = Json.MAPPER.writeValueAsBytes(accounts());
      String location =
          layout.at(
              "%s/%s-%d.json"
                  .formatted(layout.workers(), HostName.get(), ProcessHandle.current().pid()));
      FileStore.of(location).publish(location, out -> out.write(json));
    }
  }

  /**
   * Replaces this worker's file where that is due, so that progress shows while a bundle lasts for
   * hours: costs a comparison where it is not.
   *
   * @param now by {@link System#nanoTime}
   */
  void publishIfDue(long now) {
    long due = nextReport.get();
    if (worker && now - due >= 0 && nextReport.compareAndSet(due, now + EVERY_NANOS)) {
      try {
        publish();
      } catch (IOException e) {
        throw new UncheckedIOException(
            layout.at(layout.workers()) + ": this worker cannot report: " + e.getMessage(), e);
      }
    }
  }
}
