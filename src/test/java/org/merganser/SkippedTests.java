package org.merganser;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints every test that was skipped, with the reason, at the end of a plan: a test that needs
 * Node.js, numpy or systemd must not be left out silently where these are missing.
 */
public final class SkippedTests implements TestExecutionListener {
  private final List<String> skipped = new ArrayList<>();

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    skipped.add(name(test) + ": " + reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      skipped.add(
          name(test) + ": " + result.getThrowable().map(Throwable::getMessage).orElse("no reason"));
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (!skipped.isEmpty()) {
      System.err.println("==== " + skipped.size() + " SKIPPED, which prove nothing:");
      skipped.forEach(line -> System.err.println("==== " + line));
      skipped.clear(); // Surefire's plans are a class each, with one listener
    }
  }

  private static String name(TestIdentifier test) {
    return test.getUniqueId().replaceAll(".*\\[class:([^\\]]+)\\]", "$1");
  }
}
