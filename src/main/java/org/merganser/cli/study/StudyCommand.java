package org.merganser.cli.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.BeamFlags;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.Interruption;
import org.merganser.cli.job.JobRunner;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.TerminalText;
import org.merganser.job.JobReader;
import org.merganser.json.Json;
import org.merganser.pipeline.study.StudyRun;
import org.merganser.report.statistics.MeasuredVocabulary;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** {@code study JOB.yaml}: several vocabularies, learned from one reading of a corpus. */
@Command(
    name = "study",
    description = {
      "Learns the vocabularies that the section study of a job file asks for, reading the corpus",
      "once, and compares them on the documents for validation."
    },
    footer = {
      "",
      "Example: merganser study pipelines/study.yaml --set 'study.vocabSize=[1000, 2000]' \\",
      "           --set output=target/smaller-study",
      "A second study of the same job does nothing; of a changed one only what is new is made."
    })
public final class StudyCommand extends MerganserCommand {
  @Parameters(index = "0", paramLabel = "JOB.yaml", description = "The job file.")
  private Path job = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key: --set study.vocabSize=[16000]. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--json", description = "Print all figures as a JSON object.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but warnings and errors.")
  private boolean quiet;

  @Unmatched private List<String> beamFlags = new ArrayList<>();

  /** Run by picocli. */
  public StudyCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter people = quiet ? new PrintWriter(Writer.nullWriter()) : json ? err : out();
    String command = JobRunner.asTyped(spec);
    StudyRun study = StudyRun.prepare(JobReader.study(job, overrides), BeamFlags.joined(beamFlags));
    Interruption interruption =
        new Interruption(
            () -> {
              err.println(
                  "merganser: stopped by a signal; what is visible is whole. Go on with: "
                      + command);
              err.flush();
              FileStore.abandonDrafts();
            });
    StudyRun.Result result;
    try {
      result =
          study.execute(
              command,
              step -> {
                people.println(step);
                people.flush();
              },
              warning -> err.println("merganser: note: " + TerminalText.safe(warning)));
    } finally {
      interruption.close();
    }
    print(result, people);
    if (json) {
      ObjectNode figures = Json.MAPPER.valueToTree(result.figures());
      figures.put("upToDate", result.upToDate());
      figures.set("megabytesPerSecond", Json.MAPPER.valueToTree(result.megabytesPerSecond()));
      printJson(figures);
    }
    return ExitCode.DONE;
  }

  private static void print(StudyRun.Result result, PrintWriter out) {
    if (result.upToDate()) {
      out.println(
          "Nothing to do: " + result.output() + " is already the result of this study and corpus.");
    }
    List<VocabularyComparison.Row> rows = result.figures().vocabularies();
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    String format =
        "%-" + Math.max(width, 10) + "s %9s %8s %8s %-12s %6s %6s %6s %7s %7s %7s  %s%n";
    out.println();
    out.printf(
        Locale.ROOT,
        format,
        "vocabulary",
        "rows",
        "B/token",
        "worst",
        "group",
        "Gini",
        "tok/w",
        "Renyi",
        "rare",
        "bits/B",
        "MB/s",
        "Pareto");
    for (VocabularyComparison.Row row : rows) {
      MeasuredVocabulary figures = row.figures();
      BigDecimal speed = result.megabytesPerSecond().get(row.name());
      out.printf(
          Locale.ROOT,
          format,
          row.name(),
          String.format(Locale.ROOT, "%,d", figures.rows()),
          plain(figures.bytesPerToken()),
          plain(figures.worstBytesPerToken()),
          figures.worstGroup() == null ? "" : TerminalText.safe(figures.worstGroup()),
          plain(figures.gini()),
          plain(figures.fertility()),
          plain(figures.renyiEfficiency()),
          percent(figures.rareShare()),
          plain(figures.bitsPerByte()),
          speed == null ? "-" : speed.toPlainString(),
          row.best() ? "yes" : "");
    }
    String best =
        rows.stream()
            .filter(VocabularyComparison.Row::best)
            .map(VocabularyComparison.Row::name)
            .findFirst()
            .orElse("");
    out.println();
    out.println("page  " + result.output() + "/" + StudyRun.PAGE);
    out.printf(
        "next  merganser tokenize %s \"some text\"%n",
        TerminalText.argument(result.output() + "/" + best));
    out.flush();
  }

  private static String plain(@Nullable BigDecimal value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String percent(@Nullable BigDecimal share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.1f%%", share.movePointRight(2));
  }
}
