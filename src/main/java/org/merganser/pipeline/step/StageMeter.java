package org.merganser.pipeline.step;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.OutputLayout;

/**
 * What a stage of a run has done so far, in this JVM and by the reports of workers elsewhere, for
 * showing progress and times. Nothing that a run writes outside {@code run/} comes from here: the
 * documents of a retried unit count twice.
 *
 * <p>A step takes {@link Work} for as long as its thread works on the stage. A runner that fuses
 * steps calls the next one in the middle of another; then the time belongs to the inner step alone.
 * So each instant of a thread belongs to at most one stage, and the busy times of all stages
 * together never exceed the threads times the time by the clock.
 */
public final class StageMeter {
  /** What the thread works on; null while it works on no stage. */
  private static final ThreadLocal<@Nullable Work> CURRENT = new ThreadLocal<>();

  private final RunState run;
  private final LongAdder documents = new LongAdder();
  private final LongAdder inputBytes = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder tokens = new LongAdder();
  private final LongAdder unitsDone = new LongAdder();
  private final LongAdder unitsSkipped = new LongAdder();
  private final LongAdder unitsFound = new LongAdder();
  private final LongAdder steps = new LongAdder();
  private final LongAdder stepsFound = new LongAdder();
  private final LongAdder handedOn = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();
  private final Set<Work> atWork = ConcurrentHashMap.newKeySet();
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

  /** A thread's work on a stage, until it is closed, by the same thread. */
  public final class Work implements AutoCloseable {
    private final @Nullable Work outer = CURRENT.get();
    private volatile long since;

    private Work() {}

    public StageMeter meter() {
      return StageMeter.this;
    }

    private void resume(long now) {
      since = now;
      atWork.add(this);
      CURRENT.set(this);
    }

    private void pause(long now) {
      charge(now);
      atWork.remove(this);
    }

    /** The time until now is the stage's. */
    private void charge(long now) {
      busyNanos.add(now - since);
      since = now;
      lastEnd.accumulateAndGet(now, Math::max);
    }

    @Override
    public void close() {
      long now = System.nanoTime();
      pause(now);
      if (outer == null) {
        CURRENT.remove();
        run.threadEnds();
      } else {
        outer.resume(now);
      }
      run.publishIfDue(now);
    }
  }

  /** This thread begins to work on the stage; what it worked on waits until this is closed. */
  public Work begin() {
    long now = System.nanoTime();
    firstStart.accumulateAndGet(now, Math::min);
    Work work = new Work();
    if (work.outer == null) {
      run.threadBegins();
    } else {
      work.outer.pause(now);
    }
    work.resume(now);
    run.publishIfDue(now);
    return work;
  }

  /** Work was done since {@link #begin()}: documents and bytes of text in, tokens out. */
  public void add(long moreDocuments, long moreBytes, long moreTokens) {
    documents.add(moreDocuments);
    bytes.add(moreBytes);
    tokens.add(moreTokens);
    sign();
  }

  /**
   * Adds up the work of one thread and tells the meter now and then: to tell it of each document
   * costs as much as to encode a few words.
   */
  public final class Tally {
    private static final long BYTES = 1 << 16;

    private long untoldDocuments;
    private long untoldBytes;
    private long untoldTokens;
    private long untoldInput;

    /** Stored bytes of the range that is read now, as far as it is. */
    private long rangeBytesRead;

    private Tally() {}

    /** As {@link StageMeter#add}. */
    public void add(long moreDocuments, long moreBytes, long moreTokens) {
      untoldDocuments += moreDocuments;
      untoldBytes += moreBytes;
      untoldTokens += moreTokens;
      if (untoldBytes >= BYTES) {
        tell();
      }
    }

    /** So many bytes of a file's range, as stored, are read, about. */
    public void read(long rangeBytes) {
      if (rangeBytes > rangeBytesRead) {
        untoldInput += rangeBytes - rangeBytesRead;
        rangeBytesRead = rangeBytes;
        if (untoldInput >= BYTES) {
          tell();
        }
      }
    }

    /** The range is read, all its bytes; the next one begins. */
    public void rangeEnds(long rangeBytes) {
      read(rangeBytes);
      rangeBytesRead = 0;
      tell();
    }

    private void tell() {
      inputBytes.add(untoldInput);
      untoldInput = 0;
      StageMeter.this.add(untoldDocuments, untoldBytes, untoldTokens);
      untoldDocuments = 0;
      untoldBytes = 0;
      untoldTokens = 0;
    }
  }

  /** Begins to add up, for one thread. */
  public Tally tally() {
    return new Tally();
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
    Work work = CURRENT.get();
    if (work != null && work.meter() == this) {
      work.charge(now);
    }
    run.publishIfDue(now);
  }

  /** So many units turn out to be ahead that were not planned; negative: planned ones are none. */
  public void findUnits(long units) {
    unitsFound.add(units);
  }

  /** So many pieces of work turn out to be ahead that are no units. */
  public void findSteps(long pieces) {
    stepsFound.add(pieces);
  }

  /** So many pieces of work are done that are no units. */
  public void stepsDone(long pieces) {
    steps.add(pieces);
    sign();
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

  /** Bytes of the input, as stored, that were read; a stage that reads no text has none. */
  public long inputBytes() {
    return inputBytes.sum() + elsewhere.inputBytes();
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

  /** Done pieces of work that are no units. */
  public long steps() {
    return steps.sum() + elsewhere.steps();
  }

  /** Units found since the run began; see {@link #findUnits}. */
  public long unitsFound() {
    return unitsFound.sum() + elsewhere.unitsFound();
  }

  /** Pieces of work found since the run began; see {@link #findSteps}. */
  public long stepsFound() {
    return stepsFound.sum() + elsewhere.stepsFound();
  }

  public boolean started() {
    return startedHere() || !elsewhere.equals(StageReport.NOTHING);
  }

  /** Threads that work on the stage now; of other JVMs, as they last reported. */
  public int atWork() {
    return atWork.size() + elsewhere.atWork();
  }

  /** That threads worked on this stage and on no other, added up over threads. */
  public double busySeconds() {
    return busyHere() / 1e9 + elsewhere.busyMillis() / 1e3;
  }

  private long busyHere() {
    long now = System.nanoTime();
    long busy = busyNanos.sum();
    for (Work work : atWork) {
      busy += Math.max(0, now - work.since);
    }
    return busy;
  }

  /** By the clock, from the first beginning to the last sign of work, in seconds; 0 before. */
  public double seconds() {
    if (elsewhere.equals(StageReport.NOTHING)) {
      long start = firstStart.get();
      long end = end();
      return start == Long.MAX_VALUE || end < start ? 0 : (end - start) / 1e9;
    }
    StageReport all = startedHere() ? here().plus(elsewhere) : elsewhere;
    return (all.end() - all.begin()) / 1e3;
  }

  /** A thread that is at work gives a sign at any time. */
  private long end() {
    return atWork.isEmpty() ? lastEnd.get() : System.nanoTime();
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
        unitsFound.sum(),
        steps.sum(),
        stepsFound.sum(),
        documents.sum(),
        inputBytes.sum(),
        bytes.sum(),
        tokens.sum(),
        handedOn.sum(),
        heapPeak.get(),
        busyHere() / 1_000_000,
        atWork.size(),
        millis(firstStart.get()),
        millis(Math.max(firstStart.get(), end())));
  }

  private static long millis(long nanoTime) {
    return System.currentTimeMillis() - (System.nanoTime() - nanoTime) / 1_000_000;
  }
}
