package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.LengthTables;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.OutputFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.deadletter.FirstDeadLetter;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerFolder;
import org.merganser.tokenizer.parts.TokenizerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code inspect}: what an output folder or a tokenizer.json holds. */
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
  private int listed = 10;

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
    if (listed < 0) {
      throw wrongUsage("--tokens is " + listed + "; it must be at least 0");
    }
    Path target = Path.of(run.or(argument, "an output folder, or a tokenizer.json"));
    if (job) {
      out().print(MerganserRun.jobFile(target.toString()));
    } else if (skipped) {
      MerganserRun.manifest(target.toString()); // fails without a finished run
      printSkipped(SkippedInputs.read(target.resolve(OutputPaths.SKIPPED).toString()));
    } else {
      describe(target);
    }
    return ExitCode.DONE.code();
  }

  private void describe(Path target) throws IOException {
    Path tokenizerFile = tokenizerFile(target);
    boolean isRun = isRun(target, tokenizerFile);
    Manifest manifest = isRun ? MerganserRun.manifest(target.toString()) : null;
    boolean hasTokenizer = !isRun || Files.exists(tokenizerFile);
    byte[] written = hasTokenizer ? WholeFile.read(tokenizerFile) : null;
    Tokenizer tokenizer =
        written == null ? null : Tokenizer.read(written, tokenizerFile.toString());
    ObjectNode description =
        tokenizer == null || written == null
            ? null
            : description(tokenizerFile, written, tokenizer);
    DocumentLengths lengths =
        isRun ? FinishedOutput.at(OutputPaths.of(target.toString(), false)).lengths() : null;
    if (json) {
      ObjectNode result = Json.MAPPER.createObjectNode().put("path", target.toString());
      result.set("manifest", Json.MAPPER.valueToTree(manifest));
      result.set("lengths", Json.MAPPER.valueToTree(lengths));
      result.set("tokenizer", description);
      printJson(result);
      return;
    }
    if (manifest != null) {
      printOutput(target, manifest, lengths);
      printStage(target);
    }
    if (tokenizer != null && description != null) {
      printTokenizer(description, tokenizer);
    }
  }

  /** The tokenizer.json of a run or a folder, which may be missing; the file itself for a file. */
  private static Path tokenizerFile(Path target) {
    if (!Files.isDirectory(target)) {
      return target;
    }
    Path ofRun = target.resolve(Manifest.TOKENIZER).resolve(TokenizerFolder.TOKENIZER_JSON);
    return Files.exists(ofRun) ? ofRun : target.resolve(TokenizerFolder.TOKENIZER_JSON);
  }

  /** Whether a folder is the output of a run; one without a tokenizer.json is taken for one. */
  private static boolean isRun(Path target, Path tokenizerFile) {
    return Files.isDirectory(target)
        && (Files.exists(target.resolve(OutputFile.RUN_FOLDER)) || !Files.exists(tokenizerFile));
  }

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

  private void printOutput(Path target, Manifest manifest, @Nullable DocumentLengths lengths) {
    PrintWriter out = out();
    RecordSums sums = manifest.totals().sums();
    out.printf("A run's output: %s%n%n", target);
    row(out, "files read", manifest.totals().files());
    row(out, "records", sums.records());
    row(out, "documents", sums.documents());
    sums.deadLetters().forEach((reason, count) -> row(out, "dead: " + reason, count));
    row(out, "text bytes", sums.textBytes());
    row(out, "tokens", sums.tokens());
    row(out, "files written", manifest.outputs().lines());
    out.printf("%-22s %.12s%n", "request", manifest.request().sha256());
    out.printf("%-22s %.12s%n", "data", manifest.data());
    out.println();
    if (lengths != null) {
      LengthTables.print(out, lengths);
    }
    out.printf("job: %s%n%n", manifest.job().toPrettyString());
  }

  /** Says how many files a run has not published yet. */
  private void printStage(Path target) throws IOException {
    List<FileStore.Entry> waiting = StagedFiles.entries(OutputPaths.of(target.toString(), false));
    if (!waiting.isEmpty()) {
      long bytes = waiting.stream().mapToLong(FileStore.Entry::size).sum();
      out()
          .printf(
              "a run that has not published its files has %s (%s) in %s%n%n",
              Plural.of(waiting.size(), "file"), Plural.of(bytes, "byte"), OutputFile.STAGE);
    }
  }

  private static void row(PrintWriter out, String name, long value) {
    out.printf(Locale.ROOT, "%-22s %,15d%n", name, value);
  }

  /** The figures and some tokens of a tokenizer, in the order in which they are printed. */
  private ObjectNode description(Path file, byte[] written, Tokenizer tokenizer) {
    ObjectNode result =
        Json.MAPPER
            .createObjectNode()
            .put("path", file.toString())
            .put("sha256", Sha256.of(written))
            .put("fileVersion", tokenizer.parts().fileVersion().member())
            .put("ids", tokenizer.idBound())
            .put("modelVocabulary", tokenizer.model().size())
            .put("merges", tokenizer.model().mergeCount());
    JsonNode tree = Json.tree(written, file.toString(), TokenizerException::new);
    result.set("normalizer", tree.get("normalizer"));
    result.set("preTokenizer", tree.get("pre_tokenizer"));
    result.set("modelOptions", options((ObjectNode) tree.get("model")));
    result.set("bytesWithoutToken", Json.MAPPER.valueToTree(tokenizer.missingBytes()));
    ArrayNode warnings = result.putArray("warnings");
    tokenizer.missingBytesWarning().ifPresent(warnings::add);
    tokenizer.warnings().forEach(warnings::add);
    ArrayNode added = result.putArray("addedTokens");
    tokenizer.addedTokens().stream()
        .limit(listed)
        .forEach(t -> added.add(TokenJson.of(tokenizer, t.id()).put("special", t.special())));
    ArrayNode first = result.putArray("firstMerges");
    firstMerges(tokenizer).forEach(id -> first.add(TokenJson.of(tokenizer, id)));
    ArrayNode longest = result.putArray("longestTokens");
    longest(tokenizer).forEach(id -> longest.add(TokenJson.of(tokenizer, id)));
    return result;
  }

  /** Prints a description, which loses its path, with a line for each member or token. */
  private void printTokenizer(ObjectNode description, Tokenizer tokenizer) {
    PrintWriter out = out();
    out.printf("A tokenizer: %s%n%n", description.remove("path").textValue());
    for (Map.Entry<String, JsonNode> field : description.properties()) {
      String name = field.getKey().replaceAll("[A-Z]", " $0").toLowerCase(Locale.ROOT);
      JsonNode value = field.getValue();
      boolean isListOfTokens = value.path(0).has("id");
      if (isListOfTokens) {
        out.printf("%n%s%n", name);
        value.forEach(token -> printToken(token, tokenizer));
      } else {
        String text = value.isTextual() ? value.textValue() : value.toString();
        out.printf("%-22s %s%n", name, TerminalText.line(text));
      }
    }
  }

  private void printToken(JsonNode token, Tokenizer tokenizer) {
    int id = token.path("id").intValue();
    out()
        .printf(
            Locale.ROOT,
            "%8d  %s%s%n",
            id,
            TerminalText.printable(tokenizer.bytes(id), tokenizer.token(id)),
            token.path("special").booleanValue() ? "  (special)" : "");
  }

  /** The options of a model that are set; the model loses all other members. */
  private static ObjectNode options(ObjectNode model) {
    model.remove(List.of("type", "vocab", "merges"));
    model
        .properties()
        .removeIf(option -> List.of("null", "false").contains(option.getValue().toString()));
    return model;
  }

  /** The ids of the first tokens that merges produce. */
  private IntStream firstMerges(Tokenizer tokenizer) {
    return IntStream.range(0, Math.min(listed, tokenizer.model().mergeCount()))
        .map(rank -> tokenizer.id(merged(tokenizer, rank)))
        .filter(id -> id >= 0);
  }

  /** The token that a merge produces. */
  private static String merged(Tokenizer tokenizer, int rank) {
    return tokenizer.model().token(tokenizer.model().mergeLeft(rank))
        + tokenizer.model().token(tokenizer.model().mergeRight(rank));
  }

  /** The ids of the tokens with most bytes. */
  private IntStream longest(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.idBound())
        .boxed()
        .sorted(Comparator.comparingInt((Integer id) -> -tokenizer.bytes(id).length)) // stable
        .limit(listed)
        .mapToInt(Integer::intValue);
  }
}
