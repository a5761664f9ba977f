package org.merganser.pipeline.step;

import org.merganser.job.Job;
import org.merganser.pipeline.output.ShardSet;

/** The sides of the split, whose documents never meet in a sequence or a shuffle. */
public enum SplitSide {
  TRAINING("shards/"),
  VALIDATION("validation/");

  private final String folder;

  SplitSide(String folder) {
    this.folder = folder;
  }

  /** The folder of all layouts of this side, relative to the output. */
  String folder() {
    return folder;
  }

  /** Whether a run of this job can have shards of this side. */
  public boolean isExpected(Job job) {
    return this == TRAINING || job.corpus() == null || job.corpus().choice().validation() > 0;
  }

  public boolean has(ShardSet.Shard shard) {
    return shard.validation() == (this == VALIDATION);
  }
}
