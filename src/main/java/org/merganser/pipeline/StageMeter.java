package org.merganser.pipeline;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the stages of this JVM have done so far, for showing progress. Nothing that a run writes
 * outside {@code run/} comes from here: a retried unit counts twice.
 */
public final class StageMeter {
  private static final Map<Stage, StageMeter> METERS = new EnumMap<>(Stage.class);

  static {
    for (Stage stage : Stage.values()) {
      METERS.put(stage, new StageMeter());
    }
  }

  private final LongAdder documents = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder tokens = new LongAdder();
  private final LongAdder unitsDone = new LongAdder();
  private final LongAdder unitsSkipped = new LongAdder();
  private final LongAdder handedOn = new LongAdder();
  private final AtomicLong heapPeak = new AtomicLong();
  private final AtomicLong firstStart = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong lastEnd = new AtomicLong(Long.MIN_VALUE);

  private StageMeter() {}

  public static StageMeter of(Stage stage) {
    return Objects.requireNonNull(METERS.get(stage));
  }

  /** Forgets everything: a new run begins in this JVM. */
  public static void resetAll() {
    for (StageMeter meter : METERS.values()) {
      meter.documents.reset();
      meter.bytes.reset();
      meter.tokens.reset();
      meter.unitsDone.reset();
      meter.unitsSkipped.reset();
      meter.handedOn.reset();
      meter.heapPeak.set(0);
      meter.firstStart.set(Long.MAX_VALUE);
      meter.lastEnd.set(Long.MIN_VALUE);
    }
  }

  /** A piece of work begins. */
  void begin() {
    firstStart.accumulateAndGet(System.nanoTime(), Math::min);
  }

  /** Work was done since {@link #begin()}: documents and bytes of text in, tokens out. */
  void add(long moreDocuments, long moreBytes, long moreTokens) {
    documents.add(moreDocuments);
    bytes.add(moreBytes);
    tokens.add(moreTokens);
    lastEnd.accumulateAndGet(System.nanoTime(), Math::max);
  }

  void unitDone() {
    unitsDone.increment();
    lastEnd.accumulateAndGet(System.nanoTime(), Math::max);
    Runtime heap = Runtime.getRuntime();
    heapPeak.accumulateAndGet(heap.totalMemory() - heap.freeMemory(), Math::max);
  }

  /** So many bytes go to another stage through the runner's shuffle. */
  void handOn(long bytesOfElement) {
    handedOn.add(bytesOfElement);
  }

  void unitSkipped() {
    unitsSkipped.increment();
  }

  public long documents() {
    return documents.sum();
  }

  public long bytes() {
    return bytes.sum();
  }

  public long tokens() {
    return tokens.sum();
  }

  public long unitsDone() {
    return unitsDone.sum();
  }

  public long unitsSkipped() {
    return unitsSkipped.sum();
  }

  long handedOn() {
    return handedOn.sum();
  }

  /** Heap in use at the end of a unit, garbage included, at its highest. */
  long heapPeak() {
    return heapPeak.get();
  }

  /** The first beginning, in milliseconds of the epoch. */
  long firstStartMillis() {
    return millis(firstStart.get());
  }

  /** The last sign of work, in milliseconds of the epoch; not before the first beginning. */
  long lastEndMillis() {
    return millis(Math.max(firstStart.get(), lastEnd.get()));
  }

  private static long millis(long nanoTime) {
    return System.currentTimeMillis() - (System.nanoTime() - nanoTime) / 1_000_000;
  }

  public boolean started() {
    return firstStart.get() != Long.MAX_VALUE;
  }

  /** From the first beginning to the last sign of work, in seconds; 0 before. */
  public double seconds() {
    long start = firstStart.get();
    long end = lastEnd.get();
    return start == Long.MAX_VALUE || end < start ? 0 : (end - start) / 1e9;
  }
}
