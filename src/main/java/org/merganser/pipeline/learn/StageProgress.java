package org.merganser.pipeline.learn;

import org.merganser.learn.LearnProgress;
import org.merganser.pipeline.step.StageMeter;

/** Tells the meter of a stage how far learning is. */
final class StageProgress implements LearnProgress {
  private final StageMeter meter;

  StageProgress(StageMeter meter) {
    this.meter = meter;
  }

  @Override
  public void ahead(int steps) {
    meter.findUnits(steps);
  }

  @Override
  public void done() {
    meter.unitDone();
  }
}
