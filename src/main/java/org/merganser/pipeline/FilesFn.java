package org.merganser.pipeline;

/** A {@link WorkerFn} that needs no job, only the files of a run. */
abstract class FilesFn<I, O> extends WorkerFn<I, O> {
  private final RunFiles files;

  FilesFn(RunFiles files) {
    this.files = files;
  }

  @Override
  final RunFiles files() {
    return files;
  }
}
