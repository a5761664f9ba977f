package org.merganser.cli.job;

/** The events of a run, each with its name in the log. docs/events.md has their fields. */
enum RunEvent {
  /** The first event; the corpus is not listed yet. */
  STARTED("run.started"),
  /** The corpus is listed, and the number of units to process is known. */
  PLANNED("run.planned"),
  /** Written once for each stage, before its first progress. */
  STAGE_STARTED("stage.started"),
  /** Written repeatedly for each stage that has started and not finished. */
  PROGRESS("progress"),
  /** Written once for each stage, with its last figures. */
  STAGE_FINISHED("stage.finished"),
  /** A message for a person, which is also on standard error. */
  WARNING("warning"),
  /** Before the end of a run that has any. */
  DEAD_LETTERS("deadLetters"),
  /** The files are published, whatever the exit code is. */
  FINISHED("run.finished"),
  /** The run ended with an error. */
  FAILED("run.failed"),
  /** A signal stopped the process. */
  INTERRUPTED("run.interrupted");

  private final String name;

  RunEvent(String name) {
    this.name = name;
  }

  /** The name in the log. */
  @Override
  public String toString() {
    return name;
  }
}
