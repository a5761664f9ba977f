package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Lineage;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.pipeline.engine.FileLineage;
import org.merganser.pipeline.engine.RunnerTransforms;
import org.merganser.pipeline.spec.RunSpec;

/**
 * Steps that read the elements of a stage when their one input element exists, and spread them over
 * the workers.
 */
public final class PlanUnits {
  private PlanUnits() {}

  /** The step for the work units of a plan file. */
  public static <T> PTransform<PCollection<T>, PCollection<WorkUnit>> of(
      RunSpec spec, String plan) {
    return of(spec, WorkUnit.class, (run, signal, out) -> read(plan, out));
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
   * The step for elements of any type.
   *
   * @param type of a worker's element: a work unit of a plan, a group of them, or shards of a unit
   * @param reading reads a plan on a worker; must not capture the transform that contains it
   */
  public static <T, O extends Serializable> PTransform<PCollection<T>, PCollection<O>> of(
      RunSpec spec, Class<O> type, StepFn.Expansion<RunSpec, T, O> reading) {
    Steps<RunSpec> steps = Steps.of(spec, null, (run, context) -> run);
    return PTransform.compose(
        signal ->
            RunnerTransforms.spread(
                "SpreadUnits", signal.apply("ReadPlan", steps.many(type, reading))));
  }
}
