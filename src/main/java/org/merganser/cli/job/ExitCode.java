package org.merganser.cli.job;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.message.Phrase;
import org.merganser.pipeline.finish.RunSummary;

/**
 * The exit codes of the program. {@code --help --all} prints this table, and tests hold
 * docs/scheduling.md and its examples for schedulers to it. The JVM sets the codes of signals, 128
 * and the number of the signal ({@link Interruption}); they are here for help and docs. {@link
 * FailureCode} chooses the code of a failure. The constants are in the order of the codes.
 *
 * <p>A scheduler tries again after a code for which another try may help. So a mistake in the job
 * or its arguments is {@link #WRONG_USAGE}, a file that differs from what an earlier run read or
 * wrote is {@link #CHANGED_FILES}, and {@link #FAILED} is left for failures that may pass and for
 * unexpected ones.
 */
public enum ExitCode {
  DONE(
      0,
      Retry.NO,
      "done; verify: a complete version of the output exists",
      "Nothing is to be done. The output is complete."),
  FAILED(
      1,
      Retry.YES,
      "failed for a reason that may pass, such as an unreadable file or a mount that is away;"
          + " verify: the output is damaged",
      "Start the same command again; alert a person if it fails again."),
  WRONG_USAGE(
      2,
      Retry.NO,
      "wrong usage or job, or an input, tokenizer or table that does not exist or is none",
      "Correct the command, the job or the file that the message names."),
  LOST_RECORDS(
      3,
      Retry.NO,
      "finished, with more dead letters than the job allows, or with a file that is cut or damaged"
          + " (corpus.failOnDeadLetters, corpus.maxDeadLetterRate); a new file waits for the next"
          + " run of corpus.append; or no document was kept",
      "Check the files that the last lines name. The output exists, unless no document was kept."),
  UNFINISHED(
      4,
      Retry.YES,
      "verify: the first run is unfinished, or a commit was cut; run --key: the output does not"
          + " hold the data",
      "Start the run."),
  LOCKED(
      5,
      Retry.YES,
      "another run writes into the output folder, or is publishing its files there",
      "Wait until the other run has ended, and start again."),
  NO_SPACE(6, Retry.YES, "no space left, or too little to begin", "Make room, and start again."),
  OUT_OF_MEMORY(
      7,
      Retry.NO,
      "out of memory, or a vocabulary that cannot be learned within it",
      "Increase the heap (MERGANSER_OPTS=-Xmx8g), and start again."),
  CHANGED_FILES(
      8,
      Retry.NO,
      "an input, a tokenizer, a table or a part of the output changed or is missing since an"
          + " earlier run read or wrote it (corpus.changedFiles); or another version was published"
          + " while a command read the output",
      "Decide: put the file back as it was, or follow the message. A command that only read the"
          + " output can be run again at once."),
  HUNG_UP(
      129,
      Retry.YES,
      "stopped by SIGHUP, as when its terminal is closed",
      "Start the same command again at any time."),
  INTERRUPTED(130, Retry.YES, "stopped by SIGINT", "Start the same command again at any time."),
  KILLED(
      137,
      Retry.YES,
      "killed (kill -9, or the machine is out of memory)",
      "Start the same command again at any time."),
  TERMINATED(143, Retry.YES, "stopped by SIGTERM", "Start the same command again at any time.");

  /** Whether the same command may succeed without a change by a person. */
  public enum Retry {
    YES,
    NO
  }

  private final int code;
  private final Retry retry;
  private final String meaning;
  private final String next;

  ExitCode(int code, Retry retry, String meaning, String next) {
    this.code = code;
    this.retry = retry;
    this.meaning = meaning;
    this.next = next;
  }

  /** The exit code of the process. */
  public int code() {
    return code;
  }

  /** What happened, without a full stop. */
  public String meaning() {
    return meaning;
  }

  /** The next step, in a sentence. */
  public String next() {
    return next;
  }

  /** Whether a scheduler tries again. */
  public Retry retry() {
    return retry;
  }

  /**
   * The code of a run that has ended: {@link #LOST_RECORDS} if the corpus lost more than {@link
   * org.merganser.pipeline.output.deadletter.DeadLetterLimits} allows, or if files wait. A run that
   * failed has the code of {@link FailureCode}.
   */
  static ExitCode of(RunSummary summary) {
    return summary.losses().tooManyDeadLetters() || !summary.inputs().waiting().isEmpty()
        ? LOST_RECORDS
        : DONE;
  }

  /** The codes of failures that a scheduler must not try again, in their order. */
  public static List<Integer> notRetried() {
    return Arrays.stream(values())
        .filter(code -> code != DONE && code.retry == Retry.NO)
        .map(ExitCode::code)
        .toList();
  }

  /** The lines of help: the meaning of each code, in the order of the codes. */
  public static Map<String, String> helpLines() {
    Map<String, String> lines = new LinkedHashMap<>();
    for (ExitCode code : values()) {
      lines.put(Phrase.of("%3d", code.code), code.meaning);
    }
    return lines;
  }
}
