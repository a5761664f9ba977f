package org.merganser.pipeline.step;

import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * A step that opens files: it checks its worker before the first element and leaves a report of
 * what its worker did. Every step that reads or writes a file is one, whatever the file; a step
 * that only computes from its elements is a plain {@link DoFn} (ArchitectureTest holds the rule).
 */
abstract class WorkerFn<I, O> extends DoFn<I, O> {

  /** What its worker must see, and where it reports. */
  abstract RunFiles files();

  @Setup
  public void checkWorker() {
    RunFiles files = files();
    WorkerCheck.require(files);
    RunState.of(files.layout()); // a worker reports from now on
  }

  @FinishBundle
  public void report() throws IOException {
    RunState.of(files().layout()).publishFromWorker();
  }
}
