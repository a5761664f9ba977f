package org.merganser.job;

import java.util.List;

/**
 * A job file, or another source of a job, is not a valid job. The message has a line for every
 * problem, with the path of its key.
 */
public final class JobException extends RuntimeException {
  /**
   * @param name of the job file or the other source, which begins each line
   * @param problems each as {@code path: the problem, the value, what is allowed}
   */
  public JobException(String name, List<String> problems) {
    super(name + ": " + String.join("\n" + name + ": ", problems));
  }
}
