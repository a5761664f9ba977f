package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Lineage;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.pipeline.engine.FileLineage;
import org.merganser.pipeline.engine.RunnerTransforms;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;

/**
 * Reads the plan of a stage on one worker, and spreads its elements over all workers. It begins
 * when its input, a signal of one element, arrives.
 */
public final class ReadPlan {
  /**
   * Reading a plan belongs to no stage: no meter measures it, and it receives all keys of the job.
   */
  private static final @Nullable Stage NO_STAGE = null;

  private ReadPlan() {}

  /** The steps that read and spread the work units of a plan file. */
  public static <T> PTransform<PCollection<T>, PCollection<WorkUnit>> of(
      RunSpec spec, String plan) {
    return elements(spec, WorkUnit.class, (run, signal, out) -> read(plan, out));
  }

  /** Reads the work units of a plan file on a worker, and reports their files to Beam's lineage. */
  public static void read(String plan, Consumer<WorkUnit> out) throws IOException {
    FileLineage sources = new FileLineage();
    PlanFile.read(
        plan,
        unit -> {
          unit.ranges().forEach(range -> sources.add(range.file().location()));
          out.accept(unit);
        });
    sources.report(Lineage.getSources());
  }

  /**
   * The steps that read and spread elements of any type, which need not be in a plan file.
   *
   * @param type of an element: a work unit, a group of them, or the shards of a unit
   * @param reading outputs the elements on a worker; must not capture the transform that contains
   *     it
   */
  public static <T, O extends Serializable> PTransform<PCollection<T>, PCollection<O>> elements(
      RunSpec spec, Class<O> type, StepFn.Expansion<RunSpec, T, O> reading) {
    Steps<RunSpec> steps = Steps.of(spec, NO_STAGE, (run, context) -> run);
    return PTransform.compose(
        signal ->
            RunnerTransforms.spread(
                "SpreadUnits", signal.apply("ReadPlan", steps.many(type, reading))));
  }
}
