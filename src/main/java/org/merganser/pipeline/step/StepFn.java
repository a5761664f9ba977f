package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.jspecify.annotations.Nullable;

/**
 * A step that makes one element of another by a plain class. The class is built once for each copy
 * of the step, when its first element comes and the values that it needs are there.
 *
 * @param <L> the class that does the work
 */
public final class StepFn<L, I, O> extends RunFn<I, O> {
  /** Builds the class that does the work; must not capture the transform that it stands in. */
  @FunctionalInterface
  public interface Logic<L> extends Serializable {
    L make(RunSpec spec, DoFn<?, ?>.ProcessContext context) throws IOException;
  }

  /** The work on an element. */
  @FunctionalInterface
  public interface Work<L, I, O> extends Serializable {
    O apply(L logic, I element) throws IOException;
  }

  private final Stage stage;
  private final Logic<L> logic;
  private final Work<L, I, O> work;
  private transient @Nullable L made;

  private StepFn(RunSpec spec, Stage stage, Logic<L> logic, Work<L, I, O> work) {
    super(spec);
    this.stage = stage;
    this.logic = logic;
    this.work = work;
  }

  /**
   * @param stage whose work it is
   * @param values that {@code logic} reads from its context
   */
  public static <L, I, O> ParDo.SingleOutput<I, O> of(
      RunSpec spec, Stage stage, Logic<L> logic, Work<L, I, O> work, Broadcast<?>... values) {
    return ParDo.of(new StepFn<>(spec, stage, logic, work)).withSideInputs(Broadcast.views(values));
  }

  @ProcessElement
  public void process(@Element I element, OutputReceiver<O> out, ProcessContext context)
      throws IOException {
    StageMeter.Work busy = StageMeter.of(spec.layout(), stage).begin();
    try {
      L worker = made;
      if (worker == null) {
        worker = logic.make(spec, context);
        made = worker;
      }
      out.output(work.apply(worker, element));
    } finally {
      busy.close();
    }
  }
}
