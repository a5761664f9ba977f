package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.store.FileStore;
import org.merganser.store.LocationAdvice;

/**
 * Explains the failure of a run if a source that its job names does not exist: where relative paths
 * begin, and whether the last run had the source.
 */
final class MissingSources {
  private MissingSources() {}

  /**
   * The failure to throw if a run cannot be prepared.
   *
   * @param failure caused by a {@link NoSuchFileException} if something that the job names is
   *     missing
   * @param paths of the output folder
   * @return a failure with the explanation, of the kind {@link RunException.Kind#CHANGED_FILES} if
   *     the last run into the folder named the missing source as well; {@code failure} itself if
   *     nothing is missing
   */
  static RuntimeException explained(RuntimeException failure, Job job, OutputPaths paths)
      throws IOException {
    String missing = findMissing(failure);
    if (missing == null) {
      return failure;
    }
    String message = failure.getMessage() + relativePathAdvice(job, missing);
    if (lastRunNamed(missing, paths)) {
      return RunException.changed(
              "%s.\n  The last run into %s read it: put it back, or mount its disk, and run again."
                  + "\n  For a job without it, name another output.",
              message.replace(LocationAdvice.SPELLING, ""), paths.root())
          .causedBy(failure);
    }
    return new RunException(RunException.Kind.WRONG_JOB, message).causedBy(failure);
  }

  /** What does not exist, by the cause of the failure; null if the cause is another. */
  private static @Nullable String findMissing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoSuchFileException none) {
        return none.getFile();
      }
    }
    return null;
  }

  /**
   * A phrase with the folder of the job file, if the missing path may be relative to it; else "".
   */
  private static String relativePathAdvice(Job job, String missing) {
    boolean isRelative = !missing.startsWith("/") && missing.indexOf("://") < 0;
    return job.folder().isEmpty() || !isRelative
        ? ""
        : "; relative paths in the job file begin at its folder, "
            + FileStore.withAbsolutePath(job.folder());
  }

  /** Whether the job of the last run named the missing source, or a folder that had it. */
  private static boolean lastRunNamed(String missing, OutputPaths paths) throws IOException {
    RunRecord record = RunRecord.find(paths);
    if (record == null) {
      return false;
    }
    String gone = FileStore.withAbsolutePath(missing);
    Job earlier = record.job(paths.at(OutputPaths.RECORD));
    for (String named : earlier.locations().values()) {
      String location = FileStore.withAbsolutePath(earlier.at(named));
      if (gone.equals(location) || gone.startsWith(location + "/")) {
        return true;
      }
    }
    return false;
  }
}
