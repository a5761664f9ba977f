package org.merganser.pipeline.step;

/** A {@link WorkerFn} that needs no job, only the files of a run. */
public abstract class RunFilesFn<I, O> extends WorkerFn<I, O> {
  private final RunFiles files;

  public RunFilesFn(RunFiles files) {
    this.files = files;
  }

  @Override
  final RunFiles files() {
    return files;
  }
}
