package org.merganser.pipeline;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;

/** Distinguishes a source that an earlier run read, and is gone, from one that never existed. */
final class GoneSources {
  private GoneSources() {}

  /**
   * The failure to throw if a run cannot be prepared.
   *
   * @param failure caused by a {@link NoSuchFileException} if something that the job names is
   *     missing
   * @return a failure of the kind {@link RunException.Kind#CHANGED_FILES} if the last run into the
   *     folder named the missing source as well, else {@code failure}
   */
  static RuntimeException distinguish(RuntimeException failure, OutputLayout layout)
      throws IOException {
    String missing = missing(failure);
    RunRecord record = missing == null ? null : RunRecord.find(layout);
    if (missing == null || record == null) {
      return failure;
    }
    String gone = FileStore.located(missing);
    Job earlier = record.job(layout.at(OutputLayout.RECORD));
    for (String named : earlier.locations().values()) {
      String location = FileStore.located(earlier.at(named));
      if (gone.equals(location) || gone.startsWith(location + "/")) {
        return RunException.changed(
                "%s. The last run into %s read it: put it back, or name another output for a job"
                    + " without it",
                failure.getMessage(), layout.root())
            .causedBy(failure);
      }
    }
    return failure;
  }

  private static @Nullable String missing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoSuchFileException none) {
        return none.getFile();
      }
    }
    return null;
  }
}
