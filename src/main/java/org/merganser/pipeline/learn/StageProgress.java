package org.merganser.pipeline.learn;

import org.merganser.learn.LearnProgress;
import org.merganser.pipeline.step.StageMeter;

/** Tells the meter of a stage how far learning is. */
final class StageProgress implements LearnProgress {
  private final StageMeter meter;

  /**
   * @param more steps that lie behind learning, which the publication tells the meter of
   */
  StageProgress(StageMeter meter, int more) {
    this.meter = meter;
    meter.findSteps(more);
  }

  @Override
  public void ahead(int steps) {
    meter.findSteps(steps);
  }

  @Override
  public void done() {
    meter.stepsDone(1);
  }
}
