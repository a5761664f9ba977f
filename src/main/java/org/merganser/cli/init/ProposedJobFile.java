package org.merganser.cli.init;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.layout.ShardFormat;
import org.merganser.message.ProgramCommand;

/**
 * The text of a proposed job file: the resource {@code job.yaml}, filled with the choices of a
 * {@link JobProposal} and with a comment for each.
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

  /** The sizes of a vocabulary, those of the largest corpora first; the last is for any corpus. */
  private static final List<VocabSize> VOCAB_SIZES =
      List.of(
          new VocabSize(20_000_000_000L, 128_000),
          new VocabSize(1_000_000_000, 64_000),
          new VocabSize(100_000_000, 32_000),
          new VocabSize(20_000_000, 16_384),
          new VocabSize(2_000_000, 8_192),
          new VocabSize(0, 4_096));

  /** A place in the resource for a value: group 1 is its name. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-zA-Z]+)}");

  /**
   * A size of a vocabulary.
   *
   * @param leastBytes of text for which it is proposed
   */
  private record VocabSize(long leastBytes, int tokens) {}

  private final JobProposal proposal;
  private final JobChoices choices;
  private final UnaryOperator<String> named;
  private final @Nullable ProposedTokenizer tokenizer;

  /**
   * @param named returns the name that the job file must have for an input
   * @param tokenizer null for a job that learns one
   */
  ProposedJobFile(
      JobProposal proposal, UnaryOperator<String> named, @Nullable ProposedTokenizer tokenizer) {
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
    Map<String, String> values =
        Map.ofEntries(
            entry("table", table()),
            entry("nightly", nightly()),
            entry("title", ProposedText.quoted(title)),
            entry("splitReasons", splits == null ? "" : splits.reasons()),
            entry("inputs", inputs("inputs", choices.fieldInputs(), choices.inputs())),
            entry("validation", validation()),
            entry("exclude", exclude()),
            entry("corpusKeys", choices.keys()),
            entry("tokenizer", tokenizerSection()),
            entry("otherLayouts", otherLayouts()),
            entry("beginOfDocument", beginOfDocument()),
            entry("endOfDocument", endOfDocumentValue()),
            entry("groupBy", groupBy()),
            entry("output", ProposedText.quoted(output)));
    return PLACEHOLDER
        .matcher(WholeFile.resource(ProposedJobFile.class, "job.yaml"))
        .replaceAll(place -> Matcher.quoteReplacement(requireNonNull(values.get(place.group(1)))));
  }

  /** What was found, as comments. */
  private String table() {
    return proposal.table().stream().map(ProposedJobFile::comment).collect(joining());
  }

  /** The advice for a job that runs each night, as comments. */
  private String nightly() {
    return tokenizer == null ? NIGHTLY.formatted(ProgramCommand.name()) : NIGHTLY_LOADED;
  }

  /** The names of the layouts other than Parquet. */
  private static String otherLayouts() {
    return ShardFormat.converted().stream().map(ShardFormat::spelled).collect(joining(", "));
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

  /** The lines of the key {@code exclude}; "" without globs. */
  private String exclude() {
    Map<String, String> reasonsByGlob = choices.reasonsByGlob();
    return reasonsByGlob.isEmpty()
        ? ""
        : reasonsByGlob.entrySet().stream()
            .map(e -> "  - %s  # %s\n".formatted(ProposedText.quoted(e.getKey()), e.getValue()))
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

  /** The size of the vocabulary, which grows with the corpus. */
  static int vocabSize(long textBytes) {
    return VOCAB_SIZES.stream()
        .filter(size -> textBytes >= size.leastBytes())
        .mapToInt(VocabSize::tokens)
        .findFirst()
        .orElseThrow();
  }

  /** The line of the key {@code beginOfDocument}; "" without a token. */
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

  /** The line of the key {@code groupBy}; "" without groups. */
  private String groupBy() {
    FieldProposal fields = choices.fields();
    FieldSummary group = fields == null ? null : fields.group();
    return group == null
        ? ""
        : "  groupBy: %s  # the report has figures for each value\n"
            .formatted(ProposedText.quoted(group.path()));
  }
}
