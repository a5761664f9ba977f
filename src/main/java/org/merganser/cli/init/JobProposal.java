package org.merganser.cli.init;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
import org.merganser.corpus.read.RecordSample;
import org.merganser.dataset.ProgramCommand;
import org.merganser.json.Json;
import org.merganser.layout.ShardFormat;

/**
 * Proposes a job file for a corpus without a description, with the reason for each choice in a
 * comment. The same corpus gives the same text. Cost: that of {@link CorpusSurvey}.
 */
final class JobProposal {
  /** Customary names of fields in lower case, the most common first. */
  private static final List<String> TEXT_NAMES = List.of("text", "content", "body", "document");

  /** The name of any field. */
  private static final List<String> ANY = List.of("");

  private static final List<String> ID_NAMES = List.of("id", "doc_id", "uuid", "url", "key");
  private static final List<String> GROUP_NAMES =
      List.of("lang", "language", "source", "subset", "domain", "category", "license");

  /** Files that describe a data set beside its records. */
  private static final Pattern DESCRIPTION =
      Pattern.compile("(?i)(^|.*/)(readme|license|licence|notice)(\\.[a-z]+)?");

  private static final long LEAST_FOR_VALIDATION = 10_000_000;

  private final String inputs;
  private final CorpusSurvey found;
  private final CorpusSettings settings;
  private final Map<String, String> exclude = new LinkedHashMap<>();
  private final StringBuilder keys = new StringBuilder();
  private @Nullable String textField;
  private @Nullable String segmentsField;
  private @Nullable String idField;
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
    }
    settings = settings(named, format);
    found.read(settings);
    Map<InputFile, String> lost = found.lost();
    lost.forEach((file, why) -> exclude.putIfAbsent(glob(file, lost), why));
    boolean unread =
        found.fields.isEmpty()
            ? files.stream().allMatch(f -> f.format().hasTextField())
            : textField == null && segmentsField == null;
    boolean described = files.stream().allMatch(f -> lost.containsKey(f) || describes(f));
    if (unread || !lost.isEmpty() && described) {
      String chats = found.chats();
      throw new CorpusException(
          "%s: no %s holds text that can be read: %s%s"
              .formatted(
                  inputs,
                  found.fields.isEmpty() ? "file" : "field",
                  String.join("; ", found.warnings()),
                  chats.isEmpty() ? "; docs/corpus-formats.md lists the formats" : chats));
    }
    files.stream()
        .filter(file -> !found.fields.isEmpty() && describes(file))
        .forEach(file -> exclude.put(escaped(file.path()), "it describes the records"));
  }

  private CorpusSettings settings(List<CorpusInput> named, InputFormat format) {
    CorpusSettings.InvalidUtf8 invalid = CorpusSettings.InvalidUtf8.DEAD_LETTER;
    return new CorpusSettings(
        List.of(),
        named,
        Map.of(),
        false,
        format,
        textField == null ? "text" : textField,
        segmentsField,
        idField == null ? "id" : idField,
        null,
        List.of(),
        1 << 26,
        1 << 26,
        invalid);
  }

  private static boolean describes(InputFile file) {
    return file.format() == InputFormat.TEXT && DESCRIPTION.matcher(file.path()).matches();
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

  private void chooseFields() {
    Optional<FieldSummary> usual = find(TEXT_NAMES, FieldSummary::isText);
    Optional<FieldSummary> segments =
        found.fields.stream().filter(FieldSummary::hasSegments).findFirst();
    FieldSummary text = usual.or(() -> segments).or(this::longestText).orElse(null);
    if (text == null) {
      return;
    }
    if (usual.isEmpty() && segments.isPresent()) {
      segmentsField = text.path();
      keys.append(
          """
            # Each record is a list of texts, of which a model is trained on some. The marks of a chat
            # template in them, such as <|im_end|>, belong in specialTokens below, and then
            # `specialText: parse` in `tokenizer`.
          """);
      keys.append("  segmentsField: %s%n".formatted(quoted(segmentsField)));
    } else {
      textField = text.path();
      keys.append("  textField: %s%n".formatted(quoted(textField)));
    }
    Predicate<FieldSummary> filled = f -> f.records() >= text.records();
    Predicate<FieldSummary> isId = filled.and(FieldSummary::isDistinct);
    idField =
        find(ID_NAMES, isId)
            .or(() -> find(ANY, isId.and(f -> !f.hasSpaces())))
            .map(FieldSummary::path)
            .orElse(null);
    keys.append(
        idField == null
            ? "  # No field tells all records apart: an id is the file and the offset in it.\n"
            : "  idField: %s%n".formatted(quoted(idField)));
    Optional<FieldSummary> one = find(GROUP_NAMES, f -> f.values().size() == 1);
    group =
        find(GROUP_NAMES, f -> f.isGroup(1))
            .or(() -> find(ANY, filled.and(f -> one.isEmpty() && f.isGroup(3))))
            .orElse(null);
  }

  /** The text of records without a field of a usual name; none where no field is as long. */
  private Optional<FieldSummary> longestText() {
    for (FieldSummary field : found.fields) {
      if (field.list() != null && RecordSample.isChat(field.list())) {
        String next = ProgramCommand.line("init", "segments.jsonl", "--output", "segments.yaml");
        throw new CorpusException(
            inputs + ": " + ChatTurns.advice(field.path(), field.list(), next));
      }
    }
    keys.append(
        "  # Of the fields with text it is the longest; \"{a} {b}\" joins the fields a and b.\n");
    return found.fields.stream()
        .filter(
            field -> field.isLongText() && !field.path().matches(".*[;|\t].*")) // other separators
        .max(Comparator.comparingLong(FieldSummary::characters));
  }

  /** The suitable field, beside that of the text, with the first of these names. */
  private Optional<FieldSummary> find(List<String> names, Predicate<FieldSummary> suits) {
    return names.stream()
        .flatMap(name -> found.fields.stream().filter(field -> field.isNamed(name)))
        .filter(field -> !field.path().equals(textField) && suits.test(field))
        .findFirst();
  }

  /** The file, or all of its extension where each of them is lost. */
  private String glob(InputFile file, Map<InputFile, String> lost) {
    String extension = file.path().replaceFirst(".*\\.([A-Za-z0-9]+)$|.*", "$1");
    boolean all =
        !extension.isEmpty()
            && found.files.stream()
                .filter(other -> other.path().endsWith("." + extension))
                .allMatch(lost::containsKey);
    return all ? "*." + extension : escaped(file.path());
  }

  private static String escaped(String path) {
    return path.replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
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
    return template()
        .formatted(
            found.table().stream()
                .map(line -> ("#   " + line).stripTrailing() + "\n")
                .collect(Collectors.joining()),
            ProgramCommand.name(),
            quoted(name),
            named.stream().map(JobProposal::quoted).collect(Collectors.joining(", ")),
            excluded(),
            keys,
            bytes < LEAST_FOR_VALIDATION
                ? "0  # 0.01 keeps one of 100 documents to measure on; here is little text"
                : "0.01  # one of 100 documents is kept, to measure on it what was learned",
            TerminalText.bytes(bytes),
            vocabSize(bytes),
            ShardFormat.made().stream().map(ShardFormat::spelled).collect(Collectors.joining(", ")),
            group == null
                ? ""
                : "  groupBy: %s  # the report has figures for each value\n"
                    .formatted(quoted(group.path())),
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

  /** A token should occur some hundred times. */
  static int vocabSize(long textBytes) {
    int[] sizes = {4096, 8192, 16384, 32000, 64000, 128000};
    long[] most = {2_000_000, 20_000_000, 100_000_000, 1_000_000_000, 20_000_000_000L};
    return sizes[(int) Arrays.stream(most).filter(below -> textBytes >= below).count()];
  }

  /** At most so many characters of a value, in quotes. */
  static String cut(String value, int most) {
    int length = value.codePointCount(0, value.length());
    return quoted(
        length <= most ? value : value.substring(0, value.offsetByCodePoints(0, most)) + "…");
  }

  /** A JSON string, which is one in YAML too, and has no control characters and no line ends. */
  static String quoted(String value) {
    return Json.line(value)
        .replace("\u0085", "\\u0085")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        .replaceAll("[\\x7f-\\x9f]", "�");
  }
}
