package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.deadletter.FirstDeadLetter;

/**
 * The last lines of a run that ended with {@link ExitCode#LOST_RECORDS}: what happened, the number,
 * the place of the first case, and the command that shows the others. A person who is woken by a
 * scheduler sees these lines alone, so they follow everything else on standard error.
 */
public final class EndReason {
  /** The most waiting files that are named. */
  private static final int MOST_NAMED = 3;

  private EndReason() {}

  /**
   * Prints the lines.
   *
   * @param summary of a run with this exit code
   * @param output where the dead letters are; it differs from that of the summary if they were
   *     moved
   * @param continueCommand the command line that continues the run
   * @param err receives the lines
   */
  public static void print(
      RunSummary summary, String output, String continueCommand, PrintWriter err)
      throws IOException {
    for (String line : lines(summary, output, continueCommand)) {
      err.println(TerminalText.line(line));
    }
    err.flush();
  }

  /** The lines about waiting files, then those about the dead letters of the run. */
  private static List<String> lines(RunSummary summary, String output, String continueCommand)
      throws IOException {
    List<String> lines = new ArrayList<>();
    if (!summary.inputs().waiting().isEmpty()) {
      addWaiting(lines, summary.inputs().waiting(), output);
      addAdvice(lines, summary.inputs().waiting().firstKey(), output, continueCommand);
    }
    if (summary.losses().tooManyDeadLetters()) {
      lines.add("merganser: " + summary.losses().corpus());
      Predicate<String> ofAnyFile = file -> true;
      FirstDeadLetter first = FirstDeadLetter.find(OutputPaths.of(output), ofAnyFile);
      if (first != null) {
        lines.add("  the first: " + first);
        lines.add("  all of them: " + ProgramCommand.line("cat", output, "--dead-letters"));
      }
    }
    return lines;
  }

  /**
   * Adds the number and the first of the waiting files.
   *
   * @param waiting the files, each with its reason
   */
  private static void addWaiting(List<String> lines, Map<String, String> waiting, String output) {
    int files = waiting.size();
    lines.add(
        "merganser: %s %s for the next run:"
            .formatted(Plural.of(files, "new file"), files == 1 ? "waits" : "wait"));
    waiting.entrySet().stream()
        .limit(MOST_NAMED)
        .forEach(file -> lines.add("  %s %s".formatted(file.getKey(), file.getValue())));
    if (files > MOST_NAMED) {
      String all = ProgramCommand.line("inspect", output, "--skipped");
      lines.add(Phrase.of("  and %,d more: %s", files - MOST_NAMED, all));
    }
  }

  /** Adds the first dead letter of a waiting file, if it has one, and what a person can do. */
  private static void addAdvice(
      List<String> lines, String file, String output, String continueCommand) throws IOException {
    for (SkippedInputs.Line line :
        SkippedInputs.read(OutputPaths.of(output).at(OutputPaths.SKIPPED))) {
      if (file.equals(line.file()) && line.letters() != null && !line.letters().isEmpty()) {
        lines.add("  the first: " + FirstDeadLetter.of(line.letters().get(0)));
      }
    }
    String all = ProgramCommand.line("cat", output, "--dead-letters", "--waiting");
    lines.add("  more of them: " + all);
    lines.add(
        "  to take it as it is: " + continueCommand + " --accept " + ProgramCommand.argument(file));
  }
}
