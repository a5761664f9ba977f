package org.merganser.cli.init;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.ChatTurns;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.LeftOut;
import org.merganser.dataset.ProgramCommand;
import org.merganser.json.Json;
import org.merganser.layout.ShardFormat;

/**
 * Proposes a job file for a corpus without a description, with the reason for each choice in a
 * comment. The same corpus gives the same text. Cost: that of {@link CorpusSurvey}.
 */
final class JobProposal {
  private static final String END = "<|endoftext|>";

  /** Customary names of fields in lower case, the most common first. */
  private static final List<String> TEXT_NAMES = List.of("text", "content", "body", "document");

  private static final List<String> ID_NAMES = List.of("id", "doc_id", "uuid", "url", "key");
  private static final List<String> GROUP_NAMES =
      List.of("lang", "language", "source", "subset", "domain", "category", "license");

  /** Questions, what may stand between, and answers, of which a record has one each. */
  private static final List<List<String>> PAIR_NAMES =
      List.of(
          List.of("prompt", "instruction", "question", "query", "problem"),
          List.of("input", "context"),
          List.of("completion", "output", "response", "answer", "chosen", "solution"));

  /** Files that describe a data set beside its records. */
  private static final Pattern DESCRIPTION =
      Pattern.compile("(?i)(^|.*/)(readme|license|licence|notice)(\\.[a-z]+)?");

  /** Names of files that are kept for measuring, where others are called train. */
  private static final Pattern HELD_OUT =
      Pattern.compile("(?i)(^|.*[/_.-])(validation|valid|val|test|dev|eval)[-_./0-9].*");

  private static final Pattern TRAINING = Pattern.compile("(?i)(^|.*[/_.-])train[-_./0-9].*");

  /** A mark of a chat template. */
  private static final Pattern MARK = Pattern.compile("<\\|[^|<>\\s]{1,40}\\|>");

  private static final long LEAST_FOR_VALIDATION = 10_000_000;

  private final String inputs;
  private final CorpusSurvey found;
  private final CorpusSettings settings;
  private final Map<String, String> exclude = new LinkedHashMap<>();
  private final StringBuilder keys = new StringBuilder();
  private String textField = "text";
  private @Nullable String segmentsField;
  private String idField = "id";
  private @Nullable FieldSummary group;

  /**
   * Looks at a corpus.
   *
   * @param located files, folders and globs, as this process opens them
   * @throws CorpusException when there is no such input, nothing in it can be read, records have no
   *     field with text, or they are chats
   */
  JobProposal(List<String> located) throws IOException {
    inputs = String.join(", ", located);
    List<CorpusInput> named = CorpusInput.of(located);
    LeftOut leftOut = new LeftOut();
    List<InputFile> files = CorpusPlanner.list(settings(named, InputFormat.AUTO), leftOut);
    InputFormat format = isCode(files) ? InputFormat.TEXT : InputFormat.AUTO;
    if (format == InputFormat.TEXT) {
      files = CorpusPlanner.list(settings(named, format));
      keys.append("  format: text  # most files are source code: each file is one document\n");
    } else {
      keys.append("  format: auto  # each file is asked what it holds\n");
    }
    found = new CorpusSurvey(files, leftOut);
    if (!found.fields.isEmpty()) {
      chooseFields();
    } else {
      requireRecords();
    }
    settings = settings(named, format);
    found.read(settings);
    if (found.lost.size() == files.size()) {
      Map.Entry<InputFile, String> first = found.lost.entrySet().iterator().next();
      throw new CorpusException(
          "%s: no file holds text that can be read (%d files; %s: %s); docs/corpus-formats.md lists the formats"
              .formatted(inputs, files.size(), first.getKey().path(), first.getValue()));
    }
    chooseFiles();
  }

  private CorpusSettings settings(List<CorpusInput> named, InputFormat format) {
    CorpusSettings.InvalidUtf8 invalid = CorpusSettings.InvalidUtf8.DEAD_LETTER;
    return new CorpusSettings(
        named,
        Map.of(),
        format,
        textField,
        segmentsField,
        idField,
        null,
        List.of(),
        1 << 26,
        1 << 26,
        invalid);
  }

  CorpusSurvey found() {
    return found;
  }

  /** The settings with which the job reads the corpus. */
  CorpusSettings settings() {
    return settings;
  }

  /** Whether most files are text, of names that are not those of a text. */
  private static boolean isCode(List<InputFile> files) {
    long code =
        files.stream()
            .filter(file -> file.format() == InputFormat.TEXT)
            .filter(file -> file.path().matches(".*\\.[A-Za-z0-9+]+"))
            .filter(file -> !InputFormat.TEXT.hasName(file.path().toLowerCase(Locale.ROOT)))
            .count();
    return 2 * code > files.size();
  }

  private void requireRecords() {
    List<InputFile> unread =
        found.files.stream().filter(file -> file.format().hasTextField()).toList();
    if (2 * unread.stream().mapToLong(InputFile::size).sum() <= found.stored()) {
      return;
    }
    InputFile first = unread.get(0);
    throw new CorpusException(
        "%s: no record can be read in %s, which is %s%s"
            .formatted(
                inputs,
                first.path(),
                first.format().spelled(),
                first.format() != InputFormat.JSONL
                    ? ""
                    : "; each line must be a JSON object. One array over the whole file becomes such"
                        + " lines with: jq -c '.[]' FILE > FILE.jsonl"));
  }

  private void chooseFields() {
    Optional<FieldSummary> usual = find(TEXT_NAMES, FieldSummary::isText);
    Optional<FieldSummary> segments =
        found.fields.stream().filter(FieldSummary::hasSegments).findFirst();
    if (usual.isEmpty() && segments.isPresent()) {
      segmentsField = segments.get().path();
      keys.append("  # Each record is a list of texts, of which a model is trained on some.\n");
      keys.append("  segmentsField: %s%n".formatted(quoted(segmentsField)));
    } else {
      textField = usual.map(FieldSummary::path).orElseGet(this::otherText);
      keys.append("  textField: %s%n".formatted(quoted(textField)));
    }
    FieldSummary id = find(ID_NAMES, this::isId, this::isId);
    if (id == null) {
      keys.append(
          "  # No field tells all records apart: an id is the file and the offset in it.\n");
    } else {
      idField = id.path();
      keys.append("  idField: %s%n".formatted(quoted(idField)));
    }
    group = find(GROUP_NAMES, f -> isGroup(f, 1), f -> isGroup(f, 3));
  }

  /** The text of records without a field of a usual name: a field, or a template of several. */
  private String otherText() {
    for (FieldSummary field : found.fields) {
      if (field.list() != null && ChatTurns.areIn(field.list())) {
        String next = ProgramCommand.line("init", "segments.jsonl", "--output", "segments.yaml");
        throw new CorpusException(
            inputs + ": " + ChatTurns.advice(field.path(), field.list(), next));
      }
    }
    List<Optional<FieldSummary>> pair =
        PAIR_NAMES.stream().map(names -> find(names, FieldSummary::isText)).toList();
    if (pair.get(0).isPresent() && pair.get(2).isPresent()) {
      keys.append(
          """
            # A question and its answer as one text. To train on answers alone, write both as segments
            # (docs/corpus-formats.md), with what the model's template puts around them.
          """);
      return pair.stream()
          .flatMap(Optional::stream)
          .map(field -> "{" + field.path() + (Optional.of(field).equals(pair.get(1)) ? "?}" : "}"))
          .collect(Collectors.joining("\n"));
    }
    List<String> names = found.fields.stream().map(FieldSummary::path).toList();
    boolean oneColumn = names.size() == 1 && names.get(0).matches(".*[;|\t].*");
    String advice = oneColumn ? "; columns of CSV are separated by commas: convert the file" : "";
    keys.append("  # Of the fields with text it is the longest.\n");
    return found.fields.stream()
        .filter(field -> field.isLongText() && !oneColumn)
        .max(Comparator.comparingLong(FieldSummary::characters))
        .map(FieldSummary::path)
        .orElseThrow(
            () ->
                new CorpusException(
                    "%s: the records have no field with text; their fields are %s%s"
                        .formatted(inputs, names, advice)));
  }

  /** The suitable field with the most common of these names. */
  private Optional<FieldSummary> find(List<String> names, Predicate<FieldSummary> does) {
    return names.stream()
        .flatMap(name -> found.fields.stream().filter(field -> field.isNamed(name)))
        .filter(does)
        .findFirst();
  }

  /** The same, or else the first suitable field of another name; null where there is none. */
  private @Nullable FieldSummary find(
      List<String> names, Predicate<FieldSummary> does, Predicate<FieldSummary> otherDoes) {
    return find(names, does)
        .or(() -> found.fields.stream().filter(otherDoes).findFirst())
        .orElse(null);
  }

  private boolean isId(FieldSummary field) {
    return !isText(field) && field.isDistinct() && field.records() == found.records.size();
  }

  private boolean isGroup(FieldSummary field, int each) {
    return !isText(field) && field.records() >= 0.9 * found.records.size() && field.isGroup(each);
  }

  /** Whether it is the text, or part of it. */
  private boolean isText(FieldSummary field) {
    return textField.equals(field.path())
        || textField.matches("(?s).*\\{\\Q" + field.path() + "\\E\\??\\}.*");
  }

  /** Names the files that are not corpus. */
  private void chooseFiles() {
    boolean named = found.files.stream().anyMatch(f -> TRAINING.matcher(f.path()).matches());
    for (InputFile file : found.files) {
      String path = file.path();
      if (found.lost.containsKey(file)) {
        exclude.putIfAbsent(glob(file), found.lost.get(file).replaceAll("[:;,(].*", ""));
      } else if (!found.fields.isEmpty()
          && file.format() == InputFormat.TEXT
          && DESCRIPTION.matcher(path).matches()) {
        exclude.put(escaped(path), "it describes the records");
      } else if (named && HELD_OUT.matcher(path).matches() && !TRAINING.matcher(path).matches()) {
        exclude.put(escaped(path).replaceAll("[0-9]+", "*"), "kept for measuring, by its name");
      }
    }
  }

  /** The file, or all of its extension where each of them is lost. */
  private String glob(InputFile file) {
    String extension = file.path().replaceFirst(".*\\.([A-Za-z0-9]+)$|.*", "$1");
    boolean all =
        !extension.isEmpty()
            && found.files.stream()
                .filter(other -> other.path().endsWith("." + extension))
                .allMatch(found.lost::containsKey);
    return all ? "*." + extension : escaped(file.path());
  }

  private static String escaped(String path) {
    return path.replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }

  /** The marks of a template in the segments. */
  private Set<String> marks() {
    Set<String> marks = new TreeSet<>();
    for (Map<String, Object> record : found.records) {
      if (record.get(String.valueOf(segmentsField)) instanceof JsonNode list) {
        list.findValuesAsText("text")
            .forEach(text -> MARK.matcher(text).results().forEach(m -> marks.add(m.group())));
      }
    }
    marks.remove(END);
    return marks;
  }

  /**
   * The job file, as YAML.
   *
   * @param named the inputs as the job file must name them
   * @param name the title
   * @param output the output folder
   */
  String yaml(List<String> named, String name, String output) throws IOException {
    long bytes = found.textBytes();
    Set<String> marks = marks();
    return template()
        .formatted(
            found.table().stream()
                .map(line -> ("#   " + line).stripTrailing() + "\n")
                .collect(Collectors.joining()),
            ProgramCommand.name(),
            quoted(name),
            list(named.stream()),
            excluded(),
            keys,
            bytes < LEAST_FOR_VALIDATION
                ? "0  # 0.01 keeps one of 100 documents to measure on; here is little text"
                : "0.01  # one of 100 documents is kept, to measure on it what was learned",
            marks.isEmpty() ? "" : "  specialText: parse  # the marks of the template are tokens\n",
            TerminalText.bytes(bytes),
            vocabSize(bytes),
            list(Stream.concat(Stream.of(END), marks.stream())),
            ShardFormat.made().stream().map(ShardFormat::spelled).collect(Collectors.joining(", ")),
            group == null
                ? ""
                : "  groupBy: "
                    + quoted(group.path())
                    + "  # the report has figures for each value\n",
            quoted(output));
  }

  private static String template() throws IOException {
    try (InputStream in = JobProposal.class.getResourceAsStream("job.yaml")) {
      return new String(
          Objects.requireNonNull(in, "job.yaml").readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String excluded() {
    return exclude.isEmpty()
        ? ""
        : exclude.entrySet().stream()
            .map(e -> "  - %s  # %s%n".formatted(quoted(e.getKey()), e.getValue()))
            .collect(Collectors.joining("", "  exclude:\n", ""));
  }

  private static String list(Stream<String> values) {
    return values.map(JobProposal::quoted).collect(Collectors.joining(", "));
  }

  /** A token should occur some hundred times. */
  static int vocabSize(long textBytes) {
    int[] sizes = {4096, 8192, 16384, 32000, 64000, 128000};
    long[] most = {2_000_000, 20_000_000, 100_000_000, 1_000_000_000, 20_000_000_000L};
    int at = 0;
    while (at < most.length && textBytes >= most[at]) {
      at++;
    }
    return sizes[at];
  }

  /** At most so many characters of a value, in quotes. */
  static String cut(String value, int most) {
    int length = value.codePointCount(0, value.length());
    return quoted(
        length <= most ? value : value.substring(0, value.offsetByCodePoints(0, most)) + "…");
  }

  /** A JSON string, which is one in YAML too, and has no control characters and no line ends. */
  static String quoted(String value) {
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
}
