package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.worker.WorkerCheck;

/**
 * A step of a run whose work a plain class does: its logic. The step turns an element into one
 * element or into any number. Each copy of the step builds its logic once, at the first element,
 * with the values that the logic needs. The step checks the machine before the first element, and
 * reports its work. Every step that reads or writes a file is a StepFn; a step that only computes
 * from its elements is a plain {@link DoFn} (ArchitectureTest checks this rule).
 *
 * @param <L> the logic, the class that does the work
 * @param <I> the input elements
 * @param <O> the output elements
 */
public final class StepFn<L, I, O> extends DoFn<I, O> {
  /**
   * Builds the logic; must not capture the transform that contains it. The specification has the
   * job with the keys of the stage.
   */
  @FunctionalInterface
  public interface LogicFactory<L> extends Serializable {
    /**
     * @param context has the values of side inputs
     */
    L build(RunSpec spec, DoFn<?, ?>.ProcessContext context) throws IOException;
  }

  /** The work on an element that has one output. */
  @FunctionalInterface
  public interface Work<L, I, O> extends Serializable {
    /** Does the work; returns the output. */
    O apply(L logic, I element) throws IOException;
  }

  /** The work on an element that has any number of outputs. */
  @FunctionalInterface
  public interface Expansion<L, I, O> extends Serializable {
    /** Does the work, and passes each output to {@code out}. */
    void apply(L logic, I element, Consumer<O> out) throws IOException;
  }

  private final SentSpec run;

  /** Null for work that belongs to no stage; its logic receives all keys of the job. */
  private final @Nullable Stage stage;

  private final LogicFactory<L> factory;
  private final Expansion<L, I, O> work;

  /** Null before the first element. */
  private transient @Nullable L logic;

  StepFn(RunSpec spec, @Nullable Stage stage, LogicFactory<L> factory, Expansion<L, I, O> work) {
    this.run = SentSpec.of(spec);
    this.stage = stage;
    this.factory = factory;
    this.work = work;
  }

  /** Fails on a machine that cannot read what the run needs, see {@link WorkerCheck}. */
  @Setup
  public void checkWorker() {
    WorkerCheck.require(run.spec().neededFiles());
    RunProgress.of(run.spec().paths()); // reports begin now
  }

  @ProcessElement
  public void process(@Element I element, OutputReceiver<O> out, ProcessContext context)
      throws IOException {
    RunSpec spec = run.spec();
    StageMeter.ThreadWork busy =
        stage == null ? null : RunProgress.meter(spec.paths(), stage).begin();
    try (busy) {
      work.apply(logic(spec, context), element, out::output);
    }
  }

  /** The logic of this copy of the step, which the first call builds. */
  private L logic(RunSpec spec, ProcessContext context) throws IOException {
    L built = logic;
    if (built == null) {
      built = factory.build(stage == null ? spec : spec.seenBy(stage), context);
      logic = built;
    }
    return built;
  }

  /** Reports the work of this JVM. */
  @FinishBundle
  public void report() throws IOException {
    RunProgress.of(run.spec().paths()).publish();
  }
}
