package org.merganser.pipeline.layouts;

import java.util.ArrayList;
import java.util.List;
import org.merganser.pipeline.output.OutputLayout;
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
      find(spec.layout(), plan.shuffles() ? List.of(Stage.SHUFFLE) : ofSets(plan), sets);
    }
  }

  /** The shuffle of a side makes so many sets. */
  static void behindShuffle(RunSpec spec, int sets) {
    find(spec.layout(), ofSets(LayoutPlan.of(spec)), sets - 1);
  }

  /** The stages that take set after set, behind a shuffle. */
  private static List<Stage> ofSets(LayoutPlan plan) {
    List<Stage> stages = new ArrayList<>();
    if (plan.packs() && !plan.shufflesSequences()) {
      stages.add(Stage.PACK);
    }
    if (!plan.merges()) {
      stages.add(Stage.CONVERT);
    }
    return stages;
  }

  private static void find(OutputLayout layout, List<Stage> stages, int units) {
    stages.forEach(stage -> StageMeter.of(layout, stage).findUnits(units));
  }
}
