package org.merganser.pipeline;

import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * A step that works on a run's files: it checks its worker before the first element and leaves a
 * report of what its worker did.
 */
abstract class RunFn<I, O> extends DoFn<I, O> {
  final RunSpec spec;

  RunFn(RunSpec spec) {
    this.spec = spec;
  }

  @Setup
  public void checkWorker() throws IOException {
    WorkerCheck.require(spec);
  }

  @FinishBundle
  public void reportNowAndThen() throws IOException {
    WorkerReport.publishNowAndThen(spec.layout());
  }

  @Teardown
  public void report() throws IOException {
    WorkerReport.publish(spec.layout());
  }
}
