package org.merganser.pipeline.step;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.merganser.pipeline.output.OutputLayout;

/**
 * What a stage of a run has done so far, in this JVM and by the reports of workers elsewhere, for
 * showing progress. Nothing that a run writes outside {@code run/} comes from here: a retried unit
 * counts twice.
 */
public final class StageMeter {
  private final RunState run;
  private final LongAdder documents = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder tokens = new LongAdder();
  private final LongAdder unitsDone = new LongAdder();
  private final LongAdder unitsSkipped = new LongAdder();
  private final LongAdder handedOn = new LongAdder();
  private final AtomicLong heapPeak = new AtomicLong();
  private final AtomicLong firstStart = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong lastEnd = new AtomicLong(Long.MIN_VALUE);
  private volatile StageReport elsewhere = StageReport.NOTHING;

  StageMeter(RunState run) {
    this.run = run;
  }

  /** The meter of a stage of the run that writes into a folder, for a step that works here. */
  public static StageMeter of(OutputLayout run, Stage stage) {
    return RunState.of(run).meter(stage);
  }

  /** A piece of work begins. */
  public void begin() {
    firstStart.accumulateAndGet(System.nanoTime(), Math::min);
  }

  /** Work was done since {@link #begin()}: documents and bytes of text in, tokens out. */
  public void add(long moreDocuments, long moreBytes, long moreTokens) {
    documents.add(moreDocuments);
    bytes.add(moreBytes);
    tokens.add(moreTokens);
    sign();
  }

  public void unitDone() {
    unitsDone.increment();
    sign();
    Runtime heap = Runtime.getRuntime();
    heapPeak.accumulateAndGet(heap.totalMemory() - heap.freeMemory(), Math::max);
  }

  /** A sign of work. */
  private void sign() {
    long now = System.nanoTime();
    lastEnd.accumulateAndGet(now, Math::max);
    run.publishIfDue(now);
  }

  /** So many bytes go to another stage through the runner's shuffle. */
  public void handOn(long bytesOfElement) {
    handedOn.add(bytesOfElement);
  }

  public void unitSkipped() {
    unitsSkipped.increment();
    run.publishIfDue(System.nanoTime());
  }

  /** What workers in other JVMs say that they have done of this stage, all together. */
  void noteElsewhere(StageReport report) {
    elsewhere = report;
  }

  public long documents() {
    return documents.sum() + elsewhere.documents();
  }

  public long bytes() {
    return bytes.sum() + elsewhere.bytes();
  }

  public long tokens() {
    return tokens.sum() + elsewhere.tokens();
  }

  public long unitsDone() {
    return unitsDone.sum() + elsewhere.units();
  }

  public long unitsSkipped() {
    return unitsSkipped.sum() + elsewhere.unitsThere();
  }

  public boolean started() {
    return startedHere() || !elsewhere.equals(StageReport.NOTHING);
  }

  /** From the first beginning to the last sign of work, in seconds; 0 before. */
  public double seconds() {
    if (elsewhere.equals(StageReport.NOTHING)) {
      long start = firstStart.get();
      long end = lastEnd.get();
      return start == Long.MAX_VALUE || end < start ? 0 : (end - start) / 1e9;
    }
    StageReport all = startedHere() ? here().plus(elsewhere) : elsewhere;
    return (all.end() - all.begin()) / 1e3;
  }

  /** Whether anything of the stage has begun in this JVM. */
  public boolean startedHere() {
    return firstStart.get() != Long.MAX_VALUE;
  }

  /**
   * This JVM's part, once it has begun. The heap is that in use at the end of a unit, garbage
   * included, at its highest.
   */
  StageReport here() {
    return new StageReport(
        unitsDone.sum(),
        unitsSkipped.sum(),
        documents.sum(),
        bytes.sum(),
        tokens.sum(),
        handedOn.sum(),
        heapPeak.get(),
        millis(firstStart.get()),
        millis(Math.max(firstStart.get(), lastEnd.get())));
  }

  private static long millis(long nanoTime) {
    return System.currentTimeMillis() - (System.nanoTime() - nanoTime) / 1_000_000;
  }
}
