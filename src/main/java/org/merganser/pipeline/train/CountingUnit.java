package org.merganser.pipeline.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.UnitGroups;
import org.merganser.pipeline.step.CountingPlan;

/**
 * Work units whose pretokens are counted into one table.
 *
 * @param units at least one, neighbours in their plan
 */
public record CountingUnit(List<WorkUnit> units) implements Serializable {
  /** Those of a whole plan, as the run that counts it has them. */
  public static List<CountingUnit> of(List<WorkUnit> plan) {
    List<CountingUnit> counting = new ArrayList<>();
    UnitGroups groups =
        new UnitGroups(
            CountingPlan.of(plan).targetBytes(), units -> counting.add(new CountingUnit(units)));
    plan.forEach(groups::add);
    groups.end();
    return counting;
  }

  /** That of its first work unit, by which its file is named. */
  public int number() {
    return units.get(0).number();
  }
}
