package org.merganser.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.BeamArguments;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.verify.FolderVerification;
import org.merganser.pipeline.verify.VerificationReport;
import org.merganser.pipeline.verify.VersionVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** The command {@code verify}: prints what {@link FolderVerification} finds about an output. */
@Command(
    name = "verify",
    description =
        "Check an output: complete, damaged or unfinished. Lists, sizes and the footers of Parquet"
            + " files are read. --full also reads every byte, every id and the order of documents,"
            + " and encodes a sample of the sources again if they still exist. The folder may be in"
            + " any file system; Beam's flags follow (--awsRegion=...).",
    footer =
        """
        Exit codes: 0 complete, 1 damaged, 4 unfinished, 5 being published.
        Example: ${ROOT-COMMAND-NAME} verify target/sample --full
        """)
final class VerifyCommand extends FiguresCommand {
  /** The most lines of a list that are printed without {@code --json}. */
  private static final int MOST_LISTED = 40;

  /** The most files of a unit that a line names. */
  private static final int MOST_FILES_OF_UNIT = 3;

  @Mixin private OutputArgument.Only run = new OutputArgument.Only();

  @Option(names = "--full", description = "Read everything.")
  private boolean full;

  @Option(
      names = "--at",
      paramLabel = "SHA256",
      description = "Compare with the version of this SHA-256, which the command log lists.")
  private @Nullable String at;

  /** Every unknown flag is Beam's. */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    String output = run.get("the output folder of a run");
    refuseIf(at != null, "with --at, which reads lists alone", "--full");
    List<String> flags = BeamArguments.of(beamFlags, spec);
    VerificationReport report =
        at == null
            ? FolderVerification.verify(output, full, flags)
            : VersionVerification.verify(output, at, flags);
    if (json) {
      printJson(report);
    } else {
      print(output, report, out());
    }
    return switch (report.state()) {
      case WHOLE -> ExitCode.DONE.code();
      case DAMAGED -> ExitCode.FAILED.code();
      case UNFINISHED -> ExitCode.UNFINISHED.code();
      case PUBLISHING -> ExitCode.LOCKED.code();
    };
  }

  /** Prints the report for a person. */
  private void print(String output, VerificationReport report, PrintWriter out) {
    out.println(output + (at == null ? "" : " at " + at) + " is " + describe(report.state()));
    out.printf("  %s, %s", Plural.of(report.files(), "file"), Plural.of(report.bytes(), "byte"));
    if (full && report.state() != VerificationReport.State.UNFINISHED) {
      out.printf(
          ", %s read, %s compared with %s source",
          Plural.of(report.rows(), "row"),
          Plural.of(report.documentsCompared(), "document"),
          report.documentsCompared() == 1 ? "its" : "their");
    }
    out.println();
    if (report.marks() != null) {
      out.println("  " + describe(report.marks()));
    }
    report.done().forEach(phrase -> out.println("  " + phrase));
    printList(
        out,
        "wrong",
        report.findings(),
        finding -> finding.what() + "  " + finding.where() + ": " + finding.detail());
    printList(
        out,
        "missing",
        report.missing(),
        unit -> unit.stage() + " unit " + unit.unit() + ": " + firstFiles(unit.files()));
    printList(out, "left over, swept by the next run", report.leftovers(), path -> path);
    report.notes().forEach(note -> out.println("note: " + TerminalText.message(note)));
    if (report.state() != VerificationReport.State.WHOLE && report.nextCommand() != null) {
      out.println("continue with: " + report.nextCommand());
    }
  }

  /** How many documents begin and end with the tokens that the job names. */
  private static String describe(ManifestVerification.MarkedDocuments marks) {
    DocumentMarks counted = marks.counted();
    List<String> phrases = new ArrayList<>();
    if (counted.begin() != null) {
      phrases.add(Phrase.of("%,d begin with id %d", counted.begun(), counted.begin()));
    }
    if (counted.end() != null) {
      phrases.add(Phrase.of("%,d end with id %d", counted.ended(), counted.end()));
    }
    return "of %s for training %s"
        .formatted(Plural.of(marks.documents(), "document"), String.join(", ", phrases));
  }

  /** What the output is, after "is". */
  private static String describe(VerificationReport.State state) {
    return state == VerificationReport.State.PUBLISHING
        ? "being published"
        : state.name().toLowerCase(Locale.ROOT);
  }

  /** The first files, and the number of others. */
  private static String firstFiles(List<String> files) {
    int shown = Math.min(MOST_FILES_OF_UNIT, files.size());
    String more =
        files.size() > shown ? " and " + Plural.of(files.size() - shown, "more file") : "";
    return String.join(", ", files.subList(0, shown)) + more;
  }

  /** Prints a list with a title, and nothing for an empty one. */
  private static <T> void printList(
      PrintWriter out, String title, List<T> items, Function<T, String> line) {
    if (items.isEmpty()) {
      return;
    }
    out.println(title + ":");
    items.stream()
        .limit(MOST_LISTED)
        .forEach(item -> out.println("  " + TerminalText.line(line.apply(item))));
    if (items.size() > MOST_LISTED) {
      out.println("  … and " + (items.size() - MOST_LISTED) + " more; --json lists all");
    }
  }
}
