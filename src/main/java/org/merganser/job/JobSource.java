package org.merganser.job;

import java.nio.file.Path;

/**
 * A job as it was read, in two forms that mean the same.
 *
 * @param job with relative locations as they are seen from the current folder
 * @param written with relative locations as they are seen from {@code folder}, so that what is
 *     written of the job does not depend on where the command was run
 * @param folder the absolute path of the folder of the job file; the current folder where there is
 *     no job file
 */
public record JobSource(Job job, Job written, String folder) {

  /** A job without a job file. */
  public static JobSource of(Job job) {
    return new JobSource(job, job, Path.of("").toAbsolutePath().toString());
  }
}
