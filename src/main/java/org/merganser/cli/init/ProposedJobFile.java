package org.merganser.cli.init;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.layout.ShardFormat;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.spec.TokenizerConfig;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.PostProcessor;

/**
 * The text of a proposed job file: the resource {@code job.yaml}, filled with what a {@link
 * JobProposal} chose and with a comment for each choice.
 */
final class ProposedJobFile {
  private static final String NIGHTLY =
      """
      # A job that runs each night while files are added keeps its vocabulary, so that ids stay:
      #   1. %s run JOB --set output=vocabulary --set 'shards.formats=[]', once,
      #   2. then here `load: vocabulary` instead of `train`, and `append: true` in `corpus`.
      """;

  private static final String NIGHTLY_LOADED =
      "# A job that runs each night while files are added has `append: true` in `corpus`.\n";

  /** Smaller corpora hold out no validation data. */
  private static final long LEAST_FOR_VALIDATION = 10_000_000;

  /**
   * A tokenizer that the job loads.
   *
   * @param location as the job file names it
   * @param beginOfDocument the token that its template puts before a text; null for none
   * @param endOfDocument the token that ends a text by the file next to it; null for none
   */
  record LoadedTokenizer(
      String location, @Nullable String beginOfDocument, @Nullable String endOfDocument) {
    /**
     * @param location of the tokenizer.json
     * @param named the location as the job file names it
     */
    static LoadedTokenizer read(String location, String named) throws IOException {
      Tokenizer tokenizer = Tokenizer.read(FileStore.readNamed(location), location);
      PostProcessor template = tokenizer.parts().postProcessor();
      List<Integer> before = template == null ? List.of() : template.idsBefore();
      String begin = before.isEmpty() ? null : tokenizer.token(before.get(0));
      Integer end = TokenizerConfig.beside(location, tokenizer).end();
      return new LoadedTokenizer(named, begin, end == null ? null : tokenizer.token(end));
    }
  }

  private final JobProposal proposal;
  private final UnaryOperator<String> named;
  private final @Nullable LoadedTokenizer tokenizer;

  /**
   * @param named returns the name that the job file must have for an input
   * @param tokenizer null for a job that learns one
   */
  ProposedJobFile(
      JobProposal proposal, UnaryOperator<String> named, @Nullable LoadedTokenizer tokenizer) {
    this.proposal = proposal;
    this.named = named;
    this.tokenizer = tokenizer;
  }

  /**
   * @param title of the report
   * @param output the folder of the output, as the job file names it
   */
  String yaml(String title, String output) {
    DatasetSplitProposal splits = proposal.splits();
    return WholeFile.resource(ProposedJobFile.class, "job.yaml")
        .formatted(
            proposal.table().stream().map(ProposedJobFile::comment).collect(joining()),
            tokenizer == null ? NIGHTLY.formatted(ProgramCommand.name()) : NIGHTLY_LOADED,
            ProposedText.quoted(title),
            splits == null ? "" : splits.reason(),
            inputs("inputs", proposal.fieldInputs(), proposal.located()),
            validation(),
            exclude(),
            proposal.keys(),
            tokenizer(),
            ShardFormat.converted().stream().map(ShardFormat::spelled).collect(joining(", ")),
            beginOfDocument(),
            endOfDocument(),
            groupBy(),
            ProposedText.quoted(output));
  }

  private static String comment(String line) {
    return ("#   " + line).stripTrailing() + "\n";
  }

  /**
   * @param key {@code inputs} or {@code validationInputs}
   * @param own inputs that name the fields of their files
   * @param located all inputs of the key
   */
  private String inputs(String key, InputProposal own, List<String> located) {
    return own.inputs().isEmpty()
        ? "  %s: [ %s ]\n"
            .formatted(
                key, located.stream().map(named).map(ProposedText::quoted).collect(joining(", ")))
        : own.yaml(key, located, named);
  }

  private String validation() {
    FieldProposal fields = proposal.fields();
    if (fields != null && fields.splitField() != null) {
      return ""; // a field names the validation data
    }
    DatasetSplitProposal splits = proposal.splits();
    if (splits != null && !splits.validationInputs().isEmpty()) {
      return "  # Validation data as they are given: encoded into validation/, never learned"
          + " from.\n"
          + inputs("validationInputs", proposal.validationFieldInputs(), splits.validationInputs());
    }
    return proposal.survey().textBytes() < LEAST_FOR_VALIDATION
        ? "  validation: 0  # held-out data; off, because the corpus is small; 0.01: 1 of 100\n"
        : "  validation: 0.01  # held-out data: 1 of 100 documents\n";
  }

  private String exclude() {
    Map<String, String> exclude = proposal.exclude();
    return exclude.isEmpty()
        ? ""
        : exclude.entrySet().stream()
            .map(e -> "  - %s  # %s%n".formatted(ProposedText.quoted(e.getKey()), e.getValue()))
            .collect(joining("", "  exclude:\n", ""));
  }

  /** The section {@code tokenizer} without its first line. */
  private String tokenizer() {
    if (tokenizer != null) {
      return "  load: %s  # its ids stay; nothing is learned\n"
          .formatted(ProposedText.quoted(tokenizer.location()));
    }
    long bytes = proposal.survey().textBytes();
    return WholeFile.resource(ProposedJobFile.class, "train.yaml")
        .formatted(TerminalText.bytes(bytes), vocabSize(bytes));
  }

  /** A size of the vocabulary with which a token occurs some hundred times on average. */
  static int vocabSize(long textBytes) {
    int[] sizes = {4096, 8192, 16384, 32000, 64000, 128000};
    long[] bounds = {2_000_000, 20_000_000, 100_000_000, 1_000_000_000, 20_000_000_000L};
    return sizes[(int) Arrays.stream(bounds).filter(bound -> textBytes >= bound).count()];
  }

  private String beginOfDocument() {
    return tokenizer == null || tokenizer.beginOfDocument() == null
        ? ""
        : "  beginOfDocument: %s  # begins a text, as the tokenizer's template has it\n"
            .formatted(ProposedText.quoted(tokenizer.beginOfDocument()));
  }

  /** The value of the key. */
  private String endOfDocument() {
    if (tokenizer == null) {
      return "\"<|endoftext|>\"  # the last id of each document";
    }
    String token = tokenizer.endOfDocument();
    return token == null
        ? "null  # the tokenizer names no token that ends a text"
        : ProposedText.quoted(token) + "  # ends a text, as the tokenizer has it";
  }

  private String groupBy() {
    FieldProposal fields = proposal.fields();
    FieldSummary group = fields == null ? null : fields.group();
    return group == null
        ? ""
        : "  groupBy: %s  # the report has figures for each value\n"
            .formatted(ProposedText.quoted(group.path()));
  }
}
