package org.merganser.pipeline.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * A step that makes idle threads of the direct runner wait. An idle thread of that runner asks
 * every step again and again whether it has work, which takes a core and 250 MB of garbage: 0.5 to
 * 1.5 of 10 CPU seconds of a job of 60 MB. The runner has no setting for that. So this step has a
 * timer that is always due, for all threads but one: an idle thread fires it and waits for {@value
 * #MILLIS} ms. A thread that ends its work looks for more at once; a wait delays at most the start
 * of one more thread. Timers do not hold a watermark, so the pipeline ends as it does without them.
 */
final class IdlePause extends DoFn<KV<Integer, Integer>, Void> {
  /** How long an idle thread waits. */
  private static final int MILLIS = 10;

  private static final String TIMER = "due";

  @TimerId(TIMER)
  private final TimerSpec spec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /**
   * Adds the step to a pipeline that runs in this number of threads. Timers need keys: there is one
   * for each thread that may be idle.
   */
  static void addTo(Pipeline pipeline, int threads) {
    Create.Values<KV<Integer, Integer>> keys =
        Create.of(IntStream.range(1, threads).mapToObj(key -> KV.of(key, key)).toList());
    pipeline
        .apply("IdleThreads", keys.withCoder(KvCoder.of(VarIntCoder.of(), VarIntCoder.of())))
        .apply("IdlePause", ParDo.of(new IdlePause()));
  }

  @ProcessElement
  public void start(@TimerId(TIMER) Timer due) {
    due.withNoOutputTimestamp().offset(Duration.ZERO).setRelative();
  }

  /** Waits, and makes the timer due again. */
  @OnTimer(TIMER)
  public void pause(@TimerId(TIMER) Timer due) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS));
    start(due);
  }
}
