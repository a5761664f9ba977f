package org.merganser.pipeline.count;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.UnitGroups;
import org.merganser.pipeline.settings.CountingSpread;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.ReadPlan;

/**
 * Work units whose pretokens are counted into one table.
 *
 * @param units at least one, adjacent in their plan
 */
public record CountingUnit(List<WorkUnit> units) implements Serializable {
  public CountingUnit {
    if (units.isEmpty()) {
      throw new IllegalArgumentException("a counting unit without work units");
    }
  }

  /**
   * The counting units of a complete plan, as the run that counts it forms them.
   *
   * @param planned all work units of the plan
   */
  public static List<CountingUnit> of(List<WorkUnit> planned) {
    List<CountingUnit> counting = new ArrayList<>();
    UnitGroups groups = groups(CountingSpread.of(planned), counting::add);
    planned.forEach(groups::add);
    groups.end();
    return counting;
  }

  /**
   * The steps that read the plan on a worker and spread its counting units, by {@link ReadPlan}.
   *
   * @param training the source of the tokenizer, with the plan and the spread of counting
   */
  public static <T> PTransform<PCollection<T>, PCollection<CountingUnit>> fromPlan(
      RunSpec spec, TokenizerSource.FromText training) {
    return ReadPlan.elements(
        spec, CountingUnit.class, (run, signal, out) -> readPlan(training, out));
  }

  /** The number of the first work unit, which names the counting unit in receipts and files. */
  public int number() {
    return units.get(0).number();
  }

  /** Reads the plan of a run, and passes on its counting units. */
  private static void readPlan(TokenizerSource.FromText training, Consumer<CountingUnit> out)
      throws IOException {
    UnitGroups groups = groups(training.counting(), out);
    ReadPlan.read(training.plan(), groups::add);
    groups.end();
  }

  /** The groups of work units, each of which is passed on as a counting unit when it is full. */
  private static UnitGroups groups(CountingSpread spread, Consumer<CountingUnit> out) {
    return new UnitGroups(spread.targetBytes(), units -> out.accept(new CountingUnit(units)));
  }
}
