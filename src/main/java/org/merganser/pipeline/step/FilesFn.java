package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.jspecify.annotations.Nullable;

/**
 * A step of a run that needs no job, only files. What {@link StepFn} is for a run with a job, but
 * the work gets its context with each element.
 */
public final class FilesFn<I, O> extends WorkerFn<I, O> {
  /** The work on an element; must not capture the transform that it stands in. */
  @FunctionalInterface
  public interface Work<I, O> extends Serializable {
    void apply(I element, DoFn<?, ?>.ProcessContext context, Consumer<O> out) throws IOException;
  }

  private final RunFiles files;
  private final @Nullable Stage stage;
  private final Work<I, O> work;

  private FilesFn(RunFiles files, @Nullable Stage stage, Work<I, O> work) {
    this.files = files;
    this.stage = stage;
    this.work = work;
  }

  /**
   * @param stage whose work it is; null: of none
   */
  public static <I, O> ParDo.SingleOutput<I, O> of(
      RunFiles files, @Nullable Stage stage, Work<I, O> work) {
    return ParDo.of(new FilesFn<>(files, stage, work));
  }

  @Override
  RunFiles files() {
    return files;
  }

  @ProcessElement
  public void process(@Element I element, OutputReceiver<O> out, ProcessContext context)
      throws IOException {
    if (stage == null) {
      work.apply(element, context, out::output);
      return;
    }
    StageMeter.Work busy = StageMeter.of(files.layout(), stage).begin();
    try {
      work.apply(element, context, out::output);
    } finally {
      busy.close();
    }
  }
}
