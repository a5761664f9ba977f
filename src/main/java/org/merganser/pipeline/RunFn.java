package org.merganser.pipeline;

/** A {@link WorkerFn} of a run that has a job. */
abstract class RunFn<I, O> extends WorkerFn<I, O> {
  final RunSpec spec;

  RunFn(RunSpec spec) {
    super(spec.files());
    this.spec = spec;
  }
}
