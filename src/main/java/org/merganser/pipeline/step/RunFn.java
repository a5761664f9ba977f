package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.ObjectInputStream;

/** A {@link WorkerFn} of a run that has a job. */
public abstract class RunFn<I, O> extends WorkerFn<I, O> {
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

  @Override
  final RunFiles files() {
    return serialized.files();
  }
}
