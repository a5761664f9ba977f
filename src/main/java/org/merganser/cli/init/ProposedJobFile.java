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
  /** The advice for a job that learns a vocabulary and runs each night. */
  private static final String NIGHTLY =
      """
      # A job that runs each night while files are added keeps its vocabulary, so that ids stay:
      #   1. %s run JOB --set output=vocabulary --set 'shards.formats=[]', once,
      #   2. then here `load: vocabulary` instead of `train`, and `append: true` in `corpus`.
      """;

  /** The advice for a job that loads a vocabulary and runs each night. */
  private static final String NIGHTLY_LOADED =
      "# A job that runs each night while files are added has `append: true` in `corpus`.\n";

  /** Corpora of fewer bytes of text hold out no validation data. */
  private static final long LEAST_FOR_VALIDATION = 10_000_000;

  /** Sizes of a vocabulary, for corpora below the {@link #TEXT_BOUNDS} of the same place. */
  private static final int[] VOCAB_SIZES = {4096, 8192, 16384, 32000, 64000, 128000};

  /** Bytes of text from which on the next size of the vocabulary is proposed. */
  private static final long[] TEXT_BOUNDS = {
    2_000_000, 20_000_000, 100_000_000, 1_000_000_000, 20_000_000_000L
  };

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
     * Reads the tokens that begin and end a text from a tokenizer.json and the file next to it.
     *
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
  private final JobChoices choices;
  private final UnaryOperator<String> named;
  private final @Nullable LoadedTokenizer tokenizer;

  /**
   * @param named returns the name that the job file must have for an input
   * @param tokenizer null for a job that learns one
   */
  ProposedJobFile(
      JobProposal proposal, UnaryOperator<String> named, @Nullable LoadedTokenizer tokenizer) {
    this.proposal = proposal;
    this.choices = proposal.choices();
    this.named = named;
    this.tokenizer = tokenizer;
  }

  /**
   * The text of the job file.
   *
   * @param title of the report
   * @param output the folder of the output, as the job file names it
   */
  String yaml(String title, String output) {
    DatasetSplitProposal splits = choices.splits();
    return WholeFile.resource(ProposedJobFile.class, "job.yaml")
        .formatted(
            proposal.table().stream().map(ProposedJobFile::comment).collect(joining()),
            tokenizer == null ? NIGHTLY.formatted(ProgramCommand.name()) : NIGHTLY_LOADED,
            ProposedText.quoted(title),
            splits == null ? "" : splits.reasons(),
            inputs("inputs", choices.fieldInputs(), choices.inputs()),
            validation(),
            exclude(),
            choices.keys(),
            tokenizerSection(),
            ShardFormat.converted().stream().map(ShardFormat::spelled).collect(joining(", ")),
            beginOfDocument(),
            endOfDocumentValue(),
            groupBy(),
            ProposedText.quoted(output));
  }

  private static String comment(String line) {
    return ("#   " + line).stripTrailing() + "\n";
  }

  /**
   * The lines of a key with inputs.
   *
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

  /** The lines of the key that holds out validation data; "" if a field names such data. */
  private String validation() {
    FieldProposal fields = choices.fields();
    if (fields != null && fields.splitField() != null) {
      return "";
    }
    DatasetSplitProposal splits = choices.splits();
    if (splits != null && !splits.validationInputs().isEmpty()) {
      return "  # Validation data as they are given: encoded into validation/, never learned"
          + " from.\n"
          + inputs("validationInputs", choices.validationFieldInputs(), splits.validationInputs());
    }
    return proposal.survey().textBytes() < LEAST_FOR_VALIDATION
        ? "  validation: 0  # held-out data; off, because the corpus is small; 0.01: 1 of 100\n"
        : "  validation: 0.01  # held-out data: 1 of 100 documents\n";
  }

  private String exclude() {
    Map<String, String> reasonsByGlob = choices.exclude();
    return reasonsByGlob.isEmpty()
        ? ""
        : reasonsByGlob.entrySet().stream()
            .map(e -> "  - %s  # %s%n".formatted(ProposedText.quoted(e.getKey()), e.getValue()))
            .collect(joining("", "  exclude:\n", ""));
  }

  /** The lines of the section {@code tokenizer} after its name. */
  private String tokenizerSection() {
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
    long boundsReached = Arrays.stream(TEXT_BOUNDS).filter(bound -> textBytes >= bound).count();
    return VOCAB_SIZES[(int) boundsReached];
  }

  private String beginOfDocument() {
    return tokenizer == null || tokenizer.beginOfDocument() == null
        ? ""
        : "  beginOfDocument: %s  # begins a text, as the tokenizer's template has it\n"
            .formatted(ProposedText.quoted(tokenizer.beginOfDocument()));
  }

  /** The value of the key {@code endOfDocument}, with its comment. */
  private String endOfDocumentValue() {
    if (tokenizer == null) {
      return "\"<|endoftext|>\"  # the last id of each document";
    }
    String token = tokenizer.endOfDocument();
    return token == null
        ? "null  # the tokenizer names no token that ends a text"
        : ProposedText.quoted(token) + "  # ends a text, as the tokenizer has it";
  }

  private String groupBy() {
    FieldProposal fields = choices.fields();
    FieldSummary group = fields == null ? null : fields.group();
    return group == null
        ? ""
        : "  groupBy: %s  # the report has figures for each value\n"
            .formatted(ProposedText.quoted(group.path()));
  }
}
