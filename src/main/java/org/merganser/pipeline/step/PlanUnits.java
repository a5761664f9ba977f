package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.pipeline.engine.RunnerGraph;

/**
 * Reads the elements of a stage when its one input is there, and spreads them over the workers.
 *
 * @param <O> a worker's element: a work unit of a plan, a group of them, or shards of a unit
 */
public final class PlanUnits<T, O extends Serializable>
    extends PTransform<PCollection<T>, PCollection<O>> {
  private final RunSpec spec;
  private final Class<O> type;
  private final Plan<O> plan;

  /** Reads a plan on a worker; must not capture the transform that contains it. */
  @FunctionalInterface
  public interface Plan<O> extends Serializable {
    void read(Consumer<O> out) throws IOException;
  }

  public PlanUnits(RunSpec spec, Class<O> type, Plan<O> plan) {
    this.spec = spec;
    this.type = type;
    this.plan = plan;
  }

  /**
   * Reads the work units of a plan file.
   *
   * @param plan its location
   */
  public static <T> PlanUnits<T, WorkUnit> of(RunSpec spec, String plan) {
    return new PlanUnits<>(spec, WorkUnit.class, out -> PlanFile.read(plan, out));
  }

  @Override
  public PCollection<O> expand(PCollection<T> signal) {
    Plan<O> of = plan; // the step holds this, not this transform
    return RunnerGraph.of(signal.getPipeline())
        .spread(
            "SpreadUnits",
            signal
                .apply(
                    "ReadPlan",
                    StepFn.<Plan<O>, T, O>many(
                        spec, null, (run, context) -> of, (read, element, out) -> read.read(out)))
                .setCoder(SerializableCoder.of(type)));
  }
}
