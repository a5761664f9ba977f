package org.merganser.pipeline.layouts;

import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

/**
 * How many sets of shards the stages of layouts go through, for progress. Before the run each stage
 * plans one for each set of the encoding stage and side of the split, or, behind a shuffle, one for
 * each side; what is known better while the run is under way is told here.
 */
final class SetStages {
  private SetStages() {}

  /** A set has no shards of a side. */
  static void nothingIn(RunSpec spec, SplitSide side) {
    moreSets(spec, side, -1);
  }

  /** A set has so many sets more in it than one, a set for each group. */
  static void moreSets(RunSpec spec, SplitSide side, int sets) {
    LayoutPlan plan = LayoutPlan.of(spec);
    if (side.isExpected(spec.job())) {
      if (plan.shuffles()) {
        StageMeter.of(spec.layout(), Stage.SHUFFLE).findUnits(sets);
      } else {
        findSets(spec, plan, sets);
      }
    }
  }

  /** The shuffle of a side makes so many sets. */
  static void behindShuffle(RunSpec spec, int sets) {
    findSets(spec, LayoutPlan.of(spec), sets - 1);
  }

  /** The stages that take set after set, behind a shuffle, have so many more. */
  private static void findSets(RunSpec spec, LayoutPlan plan, int sets) {
    if (plan.packs() && !plan.shufflesSequences()) {
      StageMeter.of(spec.layout(), Stage.PACK).findUnits(sets);
    }
    if (!plan.merges()) {
      StageMeter.of(spec.layout(), Stage.CONVERT).findUnits((long) sets * plan.formats().size());
    }
  }
}
