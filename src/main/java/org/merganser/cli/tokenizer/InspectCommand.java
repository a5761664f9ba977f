package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.LengthTables;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.ListedFolders;
import org.merganser.output.OutputFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.FinishedJobFile;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.deadletter.FirstDeadLetter;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.TokenizerFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code inspect}: what an output folder holds, or a tokenizer.json ({@link
 * TokenizerDescription}).
 */
@Command(
    name = "inspect",
    description = "Describe an output folder or a tokenizer.json.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} inspect target/sample
        """)
public final class InspectCommand extends FiguresCommand {
  @Mixin private OutputArgument run = new OutputArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "OUT|tokenizer.json",
      description = "A run's output folder, a tokenizer.json, or a folder with one.")
  private @Nullable String argument;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "List this many tokens of each kind (${DEFAULT-VALUE}).")
  private int listedTokens = 10;

  @Option(
      names = "--skipped",
      description = "List the files of the inputs that the last run did not read.")
  private boolean skipped;

  @Option(
      names = "--job",
      description = "Print the job file that makes this output again, and nothing else.")
  private boolean job;

  @Override
  public Integer call() throws IOException {
    if (listedTokens < 0) {
      throw wrongUsage("--tokens is " + listedTokens + "; it must be at least 0");
    }
    refuseIf(job, "with --job", "--skipped", "--json", "--tokens");
    refuseIf(skipped, "with --skipped", "--tokens");
    Path target = Path.of(run.resolve(argument, "an output folder, or a tokenizer.json"));
    if (job) {
      out().print(FinishedJobFile.text(target.toString()));
    } else if (skipped) {
      MerganserRun.manifest(target.toString()); // fails without a finished run
      printSkipped(SkippedInputs.read(target.resolve(OutputPaths.SKIPPED).toString()));
    } else {
      describe(target);
    }
    return ExitCode.DONE.code();
  }

  /** Prints the figures of a run and of its tokenizer, or of a tokenizer alone. */
  private void describe(Path target) throws IOException {
    Path tokenizerFile = tokenizerFile(target);
    boolean isRun = isRun(target, tokenizerFile);
    Manifest manifest = null;
    DocumentLengths lengths = null;
    if (isRun) {
      manifest = MerganserRun.manifest(target.toString());
      lengths = FinishedOutput.at(paths(target)).lengths();
    }
    // A run with shards.from has none of its own.
    boolean hasTokenizer = !isRun || Files.exists(tokenizerFile);
    TokenizerDescription tokenizer =
        hasTokenizer ? TokenizerDescription.read(tokenizerFile, listedTokens) : null;
    if (json) {
      ObjectNode result = Json.MAPPER.createObjectNode().put("path", target.toString());
      result.set("manifest", Json.MAPPER.valueToTree(manifest));
      result.set("lengths", Json.MAPPER.valueToTree(lengths));
      result.set("tokenizer", tokenizer == null ? null : tokenizer.json());
      printJson(result);
      return;
    }
    if (manifest != null) {
      printOutput(target, manifest, lengths);
      printStaged(target);
    }
    if (tokenizer != null) {
      tokenizer.print(out());
    }
  }

  /** The paths of a run's output. */
  private static OutputPaths paths(Path target) {
    return OutputPaths.of(target.toString());
  }

  /** The tokenizer.json of a run or of a folder, which may be missing; a file itself. */
  private static Path tokenizerFile(Path target) {
    if (!Files.isDirectory(target)) {
      return target;
    }
    Path ofRun = target.resolve(ListedFolders.TOKENIZER).resolve(TokenizerFolder.TOKENIZER_JSON);
    return Files.exists(ofRun) ? ofRun : target.resolve(TokenizerFolder.TOKENIZER_JSON);
  }

  /**
   * Whether a path is the output of a run. A folder without a tokenizer.json is taken for one.
   *
   * @param tokenizerFile the result of {@link #tokenizerFile}
   */
  private static boolean isRun(Path target, Path tokenizerFile) {
    return Files.isDirectory(target)
        && (Files.exists(target.resolve(OutputFile.RUN_FOLDER)) || !Files.exists(tokenizerFile));
  }

  /** Prints the list of what the last run did not read, as JSON or for a person. */
  private void printSkipped(List<SkippedInputs.Line> lines) {
    if (json) {
      printJson(lines);
      return;
    }
    PrintWriter out = out();
    for (SkippedInputs.Line line : lines) {
      String what = line.path() == null ? "… and " + line.more() + " more" : line.path();
      String size = line.size() == null ? "" : Phrase.of("%,d", line.size());
      out.printf("%15s  %s  (%s)%n", size, TerminalText.line(what), line.reason());
      if (line.letters() != null && !line.letters().isEmpty()) {
        String first = FirstDeadLetter.of(line.letters().get(0)).toString();
        out.printf("%15s  the first: %s%n", "", TerminalText.line(first));
      }
    }
    out.println(lines.isEmpty() ? "Every file of the inputs was read." : "");
  }

  /** Prints the figures of a finished run, and its job. */
  private void printOutput(Path target, Manifest manifest, @Nullable DocumentLengths lengths) {
    PrintWriter out = out();
    RecordSums sums = manifest.totals().sums();
    out.printf("A run's output: %s%n%n", target);
    printRow(out, "files read", manifest.totals().files());
    printRow(out, "records", sums.records());
    printRow(out, "documents", sums.documents());
    sums.deadLetters().forEach((reason, count) -> printRow(out, "dead: " + reason, count));
    printRow(out, "text bytes", sums.textBytes());
    printRow(out, "tokens", sums.tokens());
    printRow(out, "files written", manifest.outputs().lines());
    out.printf("%-22s %.12s%n", "request", manifest.request().sha256());
    out.printf("%-22s %.12s%n", "data", manifest.data());
    out.println();
    if (lengths != null) {
      LengthTables.print(out, lengths);
    }
    out.printf("job: %s%n%n", manifest.job().toPrettyString());
  }

  /** Prints how many files a run has not published yet; nothing if there are none. */
  private void printStaged(Path target) throws IOException {
    List<FileStore.Entry> staged = StagedFiles.entries(paths(target));
    if (!staged.isEmpty()) {
      long bytes = staged.stream().mapToLong(FileStore.Entry::size).sum();
      out()
          .printf(
              "a run that has not published its files has %s (%s) in %s%n%n",
              Plural.of(staged.size(), "file"), Plural.of(bytes, "byte"), OutputFile.STAGE);
    }
  }

  private static void printRow(PrintWriter out, String name, long value) {
    out.printf(Locale.ROOT, "%-22s %,15d%n", name, value);
  }
}
