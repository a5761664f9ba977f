package org.merganser.cli.init;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.LeftOut;
import org.merganser.corpus.read.RecordSample;
import org.merganser.dataset.ProgramCommand;
import org.merganser.json.Json;
import org.merganser.layout.ShardFormat;
import org.merganser.report.Plural;

/**
 * Proposes a job file for a corpus without a description. It examines the listing and the first
 * records of some files, and chooses a value for each key, with the reason in a comment. The same
 * corpus gives the same text. Cost: the first bytes of each file, and a megabyte of at most {@value
 * #SAMPLED} files, or a row group of Parquet.
 */
final class JobProposal {
  private static final int SAMPLED = 16;
  private static final String END = "<|endoftext|>";

  /** Customary names of fields, the most common first. */
  private static final List<String> TEXT_NAMES = List.of("text", "content", "body", "document");

  private static final List<String> ID_NAMES = List.of("id", "doc_id", "uuid", "url", "key");
  private static final List<String> GROUP_NAMES =
      List.of("lang", "language", "source", "subset", "domain", "category", "license");

  private static final int LONGEST_EXAMPLE = 60;
  private static final int MOST_GROUPS = 200;
  private static final long LEAST_FOR_VALIDATION = 10_000_000;

  private final List<String> inputs;
  private final List<InputFile> files;
  private final List<Map<String, Object>> records = new ArrayList<>();
  private final List<FieldSummary> fields;
  private final StringBuilder text = new StringBuilder();

  private JobProposal(List<String> inputs, List<InputFile> files) throws IOException {
    this.inputs = inputs;
    this.files = files;
    List<InputFile> structured = files.stream().filter(JobProposal::hasFields).toList();
    int sampled = Math.min(SAMPLED, structured.size());
    for (int i = 0; i < sampled; i++) {
      int at = (int) ((long) i * structured.size() / sampled); // from all parts of the listing
      records.addAll(RecordSample.of(structured.get(at)));
    }
    this.fields = FieldSummary.of(records);
  }

  /**
   * The job file, as YAML.
   *
   * @param inputs files, folders and globs, as the job file must name them
   * @param located the same inputs, as this process opens them
   * @param output the output folder that the job file must name
   * @throws CorpusException when there is no such input, nothing in it can be read, or records have
   *     no field with text
   */
  static String of(List<String> inputs, List<String> located, String output) throws IOException {
    CorpusSettings settings =
        new CorpusSettings(
            CorpusInput.of(located),
            InputFormat.AUTO,
            "text",
            "id",
            null,
            1 << 26,
            1 << 26,
            CorpusSettings.InvalidUtf8.DEAD_LETTER);
    LeftOut leftOut = new LeftOut();
    JobProposal proposal = new JobProposal(inputs, CorpusPlanner.list(settings, leftOut));
    proposal.write(output, leftOut);
    return proposal.text.toString();
  }

  private static boolean hasFields(InputFile file) {
    return file.format().hasTextField();
  }

  private void write(String output, LeftOut leftOut) {
    Map<InputFormat, List<InputFile>> byFormat =
        files.stream()
            .collect(
                Collectors.groupingBy(
                    InputFile::format,
                    () -> new EnumMap<>(InputFormat.class),
                    Collectors.toList()));
    List<InputFile> unsupported = byFormat.getOrDefault(InputFormat.UNSUPPORTED, List.of());
    if (unsupported.size() == files.size()) {
      throw new CorpusException(
          "%s: no file holds text that can be read (%s and %d more); docs/corpus-formats.md lists the formats"
              .formatted(
                  String.join(", ", inputs),
                  files.isEmpty() ? "none" : files.get(0).path(),
                  Math.max(0, files.size() - 1)));
    }
    long textBytes = textBytes(files);
    comment(
        "A job for `merganser run`, made by `merganser init` from a look at the corpus. Each choice");
    comment("has its reason beside it; `merganser schema` prints every key with its default.");
    comment("");
    comment(
        "Found: %s, %s stored, about %s of text.",
        Plural.of(files.size(), "file"), size(stored(files)), size(textBytes));
    byFormat.forEach(this::found);
    leftOut.toString().lines().forEach(line -> comment("  not read     %s", line));
    comment("Relative paths are relative to the folder of this file.");
    comment("");
    comment(
        "A job that runs each night while files are added keeps its vocabulary, so that ids stay:");
    comment(
        "  1. %s run JOB --set output=vocabulary --set 'shards.formats=[]', once,",
        ProgramCommand.name());
    comment(
        "  2. then here `load: vocabulary` instead of `train`, and `append: true` in `corpus`.");
    line("corpus:");
    line(
        "  inputs: [ %s ]",
        inputs.stream().map(JobProposal::quoted).collect(Collectors.joining(", ")));
    line("  format: auto  # each file is asked what it holds");
    FieldSummary group = fields.isEmpty() ? null : fields();
    if (textBytes < LEAST_FOR_VALIDATION) {
      line(
          "  # 0.01 would keep one of 100 documents from training; there is too little text for that.");
      line("  validation: 0");
    } else {
      line("  # One of 100 documents is kept from training, to measure on it what was learned.");
      line("  validation: 0.01");
    }
    line(
        "  # exact leaves out each document whose text occurred before; it reads the corpus once more.");
    line("  deduplicate: none");
    tokenizer(textBytes - textBytes(unsupported));
    line("shards:");
    line(
        "  # Parquet, a row for each document. Others: %s.",
        ShardFormat.made().stream().map(ShardFormat::spelled).collect(Collectors.joining(", ")));
    line("  formats: [ parquet ]");
    line("  endOfDocument: %s  # the last id of each document", quoted(END));
    if (group != null) {
      group(group);
    }
    line(
        "# A model that predicts the next token, and a vector for each token, learned from the ids:");
    line("# learn: { ngrams: 3 }");
    line("# embeddings: { learn: { dim: 64 }, output: [ rows, pooled ] }");
    line("# name: My corpus  # the title of the report page, in place of the folder's name");
    line("output: %s", quoted(output));
  }

  private void found(InputFormat format, List<InputFile> of) {
    String count = Plural.of(of.size(), "file") + ", " + size(stored(of));
    if (format != InputFormat.UNSUPPORTED) {
      comment("  %-12s %s", format.spelled(), count);
      return;
    }
    comment("  not read     %s, no text, such as %s", count, quoted(of.get(0).path()));
    comment(
        "               Each is a dead letter, and the run ends with exit code 3: leave them out");
    comment("               by corpus.exclude, or see corpus.maxDeadLetterRate.");
  }

  /** Writes the keys of fields; returns the field for groups, or null. */
  private @Nullable FieldSummary fields() {
    FieldSummary body = textField();
    line(
        "  # Of the fields with text, in %s that were looked at, it is the %s:",
        Plural.of(records.size(), "record"),
        TEXT_NAMES.contains(body.path()) ? "usual one" : "longest");
    line("  # %,.0f characters on average, such as %s.", body.meanLength(), example(body));
    if (body.records() < records.size()) {
      line(
          "  # %s without it would be dead letters.",
          Plural.of(records.size() - body.records(), "record"));
    }
    line("  textField: %s", quoted(body.path()));
    FieldSummary id = find(ID_NAMES, field -> isId(field, body), field -> isId(field, body));
    if (id == null) {
      line("  # No field tells all records apart: the id of a document is its file and offset.");
    } else {
      line("  # It tells all records apart, such as %s.", example(id));
      line("  idField: %s", quoted(id.path()));
    }
    return find(GROUP_NAMES, f -> isGroup(f, body, 1), f -> isGroup(f, body, 3));
  }

  private FieldSummary textField() {
    return find(TEXT_NAMES, FieldSummary::isText)
        .or(
            () ->
                fields.stream()
                    .filter(FieldSummary::isText)
                    .max(Comparator.comparingLong(FieldSummary::characters)))
        .orElseThrow(
            () ->
                new CorpusException(
                    "%s: the records have no field with text; their fields are %s"
                        .formatted(
                            String.join(", ", inputs),
                            fields.stream().map(FieldSummary::path).toList())));
  }

  /** The suitable field with the most common of these names. */
  private Optional<FieldSummary> find(List<String> names, Predicate<FieldSummary> does) {
    return names.stream()
        .flatMap(name -> fields.stream().filter(field -> field.isNamed(name)))
        .filter(does)
        .findFirst();
  }

  /** The same, or else the first suitable field of another name; null where there is none. */
  private @Nullable FieldSummary find(
      List<String> names, Predicate<FieldSummary> does, Predicate<FieldSummary> otherDoes) {
    return find(names, does).or(() -> fields.stream().filter(otherDoes).findFirst()).orElse(null);
  }

  private boolean isId(FieldSummary field, FieldSummary body) {
    return !field.path().equals(body.path())
        && field.isDistinct()
        && field.records() == records.size()
        && field.meanLength() <= 200;
  }

  /**
   * @param each the average number of records that a value must have
   */
  private boolean isGroup(FieldSummary field, FieldSummary body, int each) {
    int values = field.values().size();
    return !field.path().equals(body.path())
        && field.records() >= 0.9 * records.size()
        && field.decimals() == 0
        && values >= 2
        && values < records.size()
        && values <= Math.min(MOST_GROUPS, records.size() / each)
        && field.meanLength() <= 40;
  }

  private void group(FieldSummary group) {
    line(
        "  # The report has figures for each value; %d in the records that were looked at: %s.",
        group.values().size(),
        group.values().stream().limit(6).map(JobProposal::cut).collect(Collectors.joining(", "))
            + (group.values().size() > 6 ? ", …" : ""));
    line("  groupBy: %s", quoted(group.path()));
  }

  private void tokenizer(long bytes) {
    int size = vocabSize(bytes);
    line("tokenizer:");
    line("  train:");
    line(
        "    # For about %s of text. A larger vocabulary makes fewer tokens, and needs more text:",
        size(bytes));
    line(
        "    # a model learns little about a token that it seldom sees. The report has the curve.");
    line("    vocabSize: %d", size);
    line(
        "    # How text is cut before merges are learned: words with the space before them, digits one");
    line(
        "    # by one, all scripts. Others: gpt2, cl100k, llama3, o200k, tekken, deepseek3, or a regex.");
    line("    pattern: qwen2");
    line("    normalizer: nfc  # an accented letter has one spelling; none keeps each byte");
    line("    specialTokens: [ %s ]", quoted(END));
  }

  /** A token should occur some hundred times. */
  static int vocabSize(long textBytes) {
    if (textBytes < 2_000_000) {
      return 4096;
    }
    if (textBytes < 20_000_000) {
      return 8192;
    }
    if (textBytes < 100_000_000) {
      return 16384;
    }
    if (textBytes < 1_000_000_000) {
      return 32000;
    }
    return textBytes < 20_000_000_000L ? 64000 : 128000;
  }

  private static long stored(List<InputFile> files) {
    return files.stream().mapToLong(InputFile::size).sum();
  }

  private static long textBytes(List<InputFile> files) {
    return files.stream().mapToLong(f -> f.compression().textBytes(f.size())).sum();
  }

  private static String example(FieldSummary field) {
    return cut(field.values().iterator().next());
  }

  private static String cut(String value) {
    int length = value.codePointCount(0, value.length());
    return quoted(
        length <= LONGEST_EXAMPLE
            ? value
            : value.substring(0, value.offsetByCodePoints(0, LONGEST_EXAMPLE)) + "…");
  }

  /** A JSON string, which is one in YAML too, and has no control characters and no line ends. */
  private static String quoted(String value) {
    try {
      return Json.MAPPER
          .writeValueAsString(value)
          .replace("\u0085", "\\u0085")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029")
          .replaceAll("[\\x7f-\\x9f]", "�");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a string is always written", e);
    }
  }

  private static String size(long bytes) {
    if (bytes < 10_000) {
      return String.format(Locale.ROOT, "%,d bytes", bytes);
    }
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%,d kB", bytes / 1000)
        : String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000);
  }

  private void comment(String format, Object... values) {
    line(("# " + format).stripTrailing(), values);
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
