package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.ObjectInputStream;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * A step that opens files: it checks its worker before the first element and leaves a report of
 * what its worker did. Every step that reads or writes a file is one, whatever the file; a step
 * that only computes from its elements is a plain {@link DoFn} (ArchitectureTest holds the rule).
 */
public abstract class RunFn<I, O> extends DoFn<I, O> {
  private final SerializedSpec serialized;

  /** What {@link #serialized} holds. */
  protected transient RunSpec spec;

  public RunFn(RunSpec spec) {
    this.serialized = SerializedSpec.of(spec);
    this.spec = spec;
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    spec = serialized.spec();
  }

  @Setup
  public void checkWorker() {
    WorkerCheck.require(serialized.neededFiles());
    RunState.of(spec.layout()); // a worker reports from now on
  }

  @FinishBundle
  public void report() throws IOException {
    RunState.of(spec.layout()).publish();
  }
}
