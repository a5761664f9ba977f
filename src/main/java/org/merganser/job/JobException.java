package org.merganser.job;

import java.util.List;

/** A job file is wrong. Lists every problem at once, each with its path in the file. */
public final class JobException extends RuntimeException {
  /**
   * @param name of the job file, or of another source of the job
   * @param problems each as {@code path: the problem, the value, what is allowed}
   */
  public JobException(String name, List<String> problems) {
    super(name + ": " + String.join("\n" + name + ": ", problems));
  }
}
