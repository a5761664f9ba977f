package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with the values of a job file, each as {@code key: problem}. */
final class JobProblems {
  /** The most characters of a value in messages. */
  private static final int LONGEST_VALUE = 200;

  private final List<String> problems = new ArrayList<>();

  /** The problems so far, to which others may be added. */
  List<String> list() {
    return problems;
  }

  /** Adds a problem. */
  void add(String problem) {
    problems.add(problem);
  }

  /**
   * Adds the problem of a value.
   *
   * @param what the message after the path and the value
   * @return always null, which is then the value that was read
   */
  @Nullable Object addValue(String path, JsonNode node, String what) {
    add((path.isEmpty() ? "the job" : path) + ": " + shortened(node.toString()) + " " + what);
    return null;
  }

  /** A value, or its beginning and its length, for a message. */
  static String shortened(String value) {
    return value.length() <= LONGEST_VALUE
        ? value
        : value.substring(0, LONGEST_VALUE) + "… (" + value.length() + " characters)";
  }
}
