package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.kind.WholeJson;
import org.merganser.message.Plural;

/**
 * The fields of records that a job reads: the text (a field of a usual name, segments, a prompt
 * with its answer, else the longest), the id and the group, with the reasons and with the unused
 * fields that have text.
 */
final class FieldProposal {
  private static final List<String> TEXT_NAMES = WholeJson.TEXT_NAMES;

  /** The parts of a prompt with its answer, in the order of the text. */
  private static final List<String> BEFORE =
      List.of("system_prompt", "system", "context", "passage");

  private static final List<String> ASKED =
      List.of("instruction", "prompt", "question", "query", "problem", "inputs", "input", "user");

  private static final List<String> ANSWERED =
      List.of(
          "completion", "response", "output", "answer", "solution", "chosen", "targets", "target");

  /** Fields whose first item is an answer. */
  private static final List<String> ANSWER_LISTS = List.of("answers.text", "answers", "answer");

  /** The name that {@link FieldSummary#isNamed} finds in every field. */
  private static final List<String> ANY = List.of("");

  /** The names of two texts that belong together. */
  private static final List<List<String>> PAIRS =
      List.of(
          List.of("source", "target"),
          List.of("src", "tgt"),
          List.of("sentence1", "sentence2"),
          List.of("text1", "text2"),
          List.of("premise", "hypothesis"));

  /** Names joined with other separators than those of the file are a header that was misread. */
  private static final String MISREAD_HEADER = ".*[;|\t].*";

  /** Codes of two letters. */
  private static final Set<String> LANGUAGES = Set.copyOf(List.of(Locale.getISOLanguages()));

  /** Fields that refer to another record. */
  private static final Set<String> REFERENCES =
      Set.of("parent_id", "parent", "reply_to", "in_reply_to", "thread_id", "prev_id", "link_id");

  private static final List<String> ID_NAMES = List.of("id", "doc_id", "uuid", "url", "key");
  private static final List<String> SPLIT_NAMES =
      List.of("split", "set", "subset", "partition", "fold", "data_split", "dataset_split");
  private static final List<String> GROUP_NAMES =
      List.of("lang", "language", "source", "subset", "domain", "category", "license");

  /** The values that a message lists. */
  private static final int SHOWN = 6;

  private final String inputs;
  private final List<FieldSummary> fields;
  private final RefusedRecords refused;
  private final int records;
  private final StringBuilder keys = new StringBuilder();
  private final Set<FieldSummary> used = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();
  private @Nullable String textField;
  private @Nullable String segmentsField;
  private @Nullable String idField;
  private @Nullable String splitField;
  private @Nullable FieldSummary group;

  /**
   * @param inputs as the user named them, for messages
   * @param samples the first records of some files
   * @throws CorpusException for records that no job reads as they are, see {@link RefusedRecords},
   *     and for a field that names splits and something else
   */
  FieldProposal(String inputs, Map<InputFile, List<Map<String, Object>>> samples) {
    this.inputs = inputs;
    List<Map<String, Object>> all = samples.values().stream().flatMap(List::stream).toList();
    this.fields = FieldSummary.of(all);
    this.refused = new RefusedRecords(inputs, samples, fields);
    this.records = all.size();
    chooseText();
    warnOfReferences();
    if (textField != null) {
      warnOfLongerLists();
    }
    if (!used.isEmpty()) {
      chooseSplit();
      chooseIdAndGroup();
    }
  }

  /** Uses a field of a usual name, else segments, else what is most likely the text. */
  private void chooseText() {
    Optional<FieldSummary> usual =
        find(TEXT_NAMES, f -> f.isText() && f.isReadable() && f.characters() > 0)
            .or(() -> find(TEXT_NAMES, f -> TEXT_NAMES.contains(f.path()) && f.hasListedStrings()));
    if (usual.isPresent()) {
      useText(usual.get());
      return;
    }
    Optional<FieldSummary> segments = fields.stream().filter(FieldSummary::hasSegments).findFirst();
    if (segments.isPresent()) {
      useSegments(segments.get());
      return;
    }
    refused.requireNoChat();
    refused.requireNoIds();
    if (!usePromptAndAnswer() && !usePair()) {
      useLongest();
    }
    if (used.isEmpty()) {
      useLongestList();
    }
  }

  /** Whether a record has a text in a field of a usual name. */
  static boolean hasUsualText(Map<String, Object> record) {
    return TEXT_NAMES.stream().anyMatch(name -> record.get(name) instanceof String);
  }

  /** The path or the template of the text; null without one. */
  @Nullable String textField() {
    return textField;
  }

  /** The path of lists of segments; null if the records have none. */
  @Nullable String segmentsField() {
    return segmentsField;
  }

  /** The path of unique values; null for none. */
  @Nullable String idField() {
    return idField;
  }

  /** The path of the names of splits; null for none. */
  @Nullable String splitField() {
    return splitField;
  }

  /** The field whose values are groups; null for none. */
  @Nullable FieldSummary group() {
    return group;
  }

  /** The lines of the section {@code corpus} for these fields, with the reasons. */
  String keys() {
    return keys
        + (unused().isEmpty() || used.isEmpty()
            ? ""
            : "  # Not used, though they hold text: %s.\n  # A template such as %s joins fields.\n"
                .formatted(unusedNames(), "\"{title}\\n\\n{text}\""));
  }

  /** Sentences about text that the fields do not have. */
  List<String> warnings() {
    return warnings;
  }

  /** The names of {@link #unused}, for a person. */
  String unusedNames() {
    return unused().stream().map(ProposedText::path).collect(Collectors.joining(", "));
  }

  /** The paths of the fields that hold text and are not used. */
  List<String> unused() {
    return fields.stream()
        .filter(field -> !used.contains(field) && field.holdsText())
        .map(FieldSummary::path)
        .toList();
  }

  private void useText(FieldSummary field) {
    textField = field.path();
    used.add(field);
    keys.append("  textField: %s%n".formatted(ProposedText.quoted(textField)));
  }

  private void useSegments(FieldSummary field) {
    segmentsField = field.path();
    used.add(field);
    keys.append(
        """
          # Each record is a list of texts, of which a model is trained on some. The marks of a chat
          # template in them, such as <|im_end|>, belong in specialTokens below, and then
          # `specialText: parse` in `tokenizer`.
        """);
    keys.append("  segmentsField: %s%n".formatted(ProposedText.quoted(segmentsField)));
  }

  /** Uses a question and its answer, with what comes before them; false without such fields. */
  private boolean usePromptAndAnswer() {
    Predicate<FieldSummary> often = f -> f.isText() && 2 * f.records() > records;
    Optional<FieldSummary> asked = find(ASKED, often);
    Optional<FieldSummary> answer =
        find(ANSWERED, often).or(() -> find(ANSWER_LISTS, FieldSummary::hasListedText));
    if (asked.isEmpty() || answer.isEmpty()) {
      return false;
    }
    List<FieldSummary> parts = new ArrayList<>();
    find(BEFORE, FieldSummary::isText).ifPresent(parts::add);
    parts.add(asked.get());
    Optional<FieldSummary> input =
        find(List.of("input"), FieldSummary::isText).filter(f -> !parts.contains(f));
    input.ifPresent(parts::add);
    parts.add(answer.get());
    used.addAll(parts);
    boolean spaced =
        2 * asked.get().endingWithSpace() > records
            || 2 * answer.get().beginningWithSpace() > records;
    textField = template(parts, spaced);
    keys.append(
        """
          # Each record is a prompt and its answer: these fields are joined in this order,
          # %s. All of it is trained on. To train on the
          # answers alone, write segments, and name them as segmentsField in place of textField:
          #   {"segments": [{"text": PROMPT, "loss": false}, {"text": ANSWER, "loss": true}]}
          # A model that has a chat template wants its marks in the segments.
        """
            .formatted(spaced ? "as their spaces show" : "with an empty line between them"));
    input.ifPresent(
        field ->
            keys.append(
                "  # A record with an empty %s keeps the empty lines around it.%n"
                    .formatted(ProposedText.path(field.path()))));
    keys.append("  textField: %s%n".formatted(ProposedText.quoted(textField)));
    return true;
  }

  /**
   * The template that joins fields by empty lines.
   *
   * @param spaced whether nothing is put before the last field, since spaces are there already
   */
  private String template(List<FieldSummary> parts, boolean spaced) {
    StringBuilder template = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      FieldSummary part = parts.get(i);
      boolean isAnswer = i == parts.size() - 1;
      boolean isListed = part.list() != null; // the list may be empty
      boolean isOptional = isListed || part.records() < records;
      template.append(i == 0 || isAnswer && spaced ? "" : "\n\n");
      template.append('{').append(part.path()).append(isListed ? "[0]" : "");
      template.append(isOptional ? "?}" : "}");
    }
    return template.toString();
  }

  /** Uses two texts of a translation or a comparison as one document; false without such fields. */
  private boolean usePair() {
    List<FieldSummary> pair = pair();
    if (pair.isEmpty()) {
      return false;
    }
    used.addAll(pair);
    String first = pair.get(0).path();
    String second = pair.get(1).path();
    textField = "{%s}\n{%s}".formatted(first, second);
    keys.append(
        """
          # Each record is a pair, and both texts are one document, in this order. The other order is
          #   textField: %s
          # and one of them alone is textField: %s or textField: %s.
          textField: %s
        """
            .formatted(
                ProposedText.quoted("{%s}\n{%s}".formatted(second, first)),
                ProposedText.quoted(first),
                ProposedText.quoted(second),
                ProposedText.quoted(textField)));
    return true;
  }

  /** The texts of two languages, or of two names that belong together; empty for none. */
  private List<FieldSummary> pair() {
    List<FieldSummary> texts =
        fields.stream()
            .filter(f -> f.isText() && f.isReadable() && f.records() == records)
            .toList();
    List<FieldSummary> languages = texts.stream().filter(f -> isLanguage(f.name())).toList();
    if (languages.size() == 2) {
      return languages;
    }
    for (List<String> names : PAIRS) {
      Optional<FieldSummary> first = find(List.of(names.get(0)), texts::contains);
      Optional<FieldSummary> second = find(List.of(names.get(1)), texts::contains);
      if (first.isPresent() && second.isPresent()) {
        return List.of(first.get(), second.get());
      }
    }
    return List.of();
  }

  private static boolean isLanguage(String name) {
    return LANGUAGES.contains(name.toLowerCase(Locale.ROOT).replaceFirst("[-_].*", ""));
  }

  /** Uses the longest readable text, and prefers prose. */
  private void useLongest() {
    Predicate<FieldSummary> suits =
        f -> f.isLongText() && f.isReadable() && !f.path().matches(MISREAD_HEADER);
    boolean prose = fields.stream().anyMatch(suits.and(FieldSummary::isProse));
    fields.stream()
        .filter(suits)
        .filter(f -> !prose || f.isProse())
        .max(Comparator.comparingLong(FieldSummary::characters))
        .ifPresent(
            field -> {
              keys.append("  # Of the fields with text it is the longest.\n");
              useText(field);
            });
  }

  /** Uses the strings of the longest list. */
  private void useLongestList() {
    fields.stream()
        .filter(FieldSummary::hasListedStrings)
        .max(Comparator.comparingInt(f -> String.valueOf(f.list()).length()))
        .ifPresent(
            field -> {
              refused.requireNoWords(field);
              keys.append("  # The strings of this list are lines of one document.\n");
              useText(field);
            });
  }

  /** Warns that records which refer to others are documents of their own. */
  private void warnOfReferences() {
    fields.stream()
        .filter(f -> REFERENCES.contains(f.name().toLowerCase(Locale.ROOT)))
        .findFirst()
        .ifPresent(
            field ->
                warnings.add(
                    ("each record is one document, with the field %s alone, although %s refers to"
                            + " other records; its fields are %s")
                        .formatted(
                            textField == null ? "\"\"" : ProposedText.quoted(textField),
                            ProposedText.quoted(field.path()),
                            shown(fields.stream().map(FieldSummary::path).toList()))));
  }

  /** Warns of a list with more than twice the text of the fields that are used. */
  private void warnOfLongerLists() {
    double length = used.stream().mapToDouble(FieldSummary::meanLength).sum();
    fields.stream()
        .filter(f -> !used.contains(f) && f.list() != null && f.hasListedText())
        .filter(f -> f.listedCharacters() > 2 * Math.max(1, length))
        .max(Comparator.comparingLong(FieldSummary::listedCharacters))
        .ifPresent(field -> warnings.add(warning(field)));
  }

  private String warning(FieldSummary list) {
    String most = "most of the text is in the list " + ProposedText.quoted(list.path());
    if (2 * list.records() < records) {
      return most + " and in others whose names differ by record; no textField names them all";
    }
    if (list.hasListedStrings()) {
      return most
          + ": textField: %s reads its strings, joined by line feeds"
              .formatted(ProposedText.quoted(list.path()));
    }
    String items = ShellCommand.stepsOfJq(list.path()) + "[]";
    String text = ShellCommand.stepsOfJq(FieldPath.named(list.longestOfItems()));
    String program =
        "jq -c '.text = ([%s | %s // empty] | join(\"\\n\\n\"))'".formatted(items, text);
    return most
        + ", which is not used: %s > texts.jsonl joins its texts"
            .formatted(refused.command(list, program));
  }

  /**
   * Uses a field that names splits, one of them not for training.
   *
   * @throws CorpusException if the field has other values too, or records lack it
   */
  private void chooseSplit() {
    for (FieldSummary field : fields) {
      boolean suits =
          SPLIT_NAMES.stream().anyMatch(field::isNamed)
              && field.list() == null
              && !used.contains(field);
      if (suits && namesHeldOutData(field)) {
        Map<Boolean, List<String>> values =
            field.values().keySet().stream()
                .collect(Collectors.partitioningBy(value -> DatasetSplit.of(value) != null));
        List<String> splits = values.getOrDefault(true, List.of());
        requireOnlySplits(field, splits, values.getOrDefault(false, List.of()));
        splitField = field.path();
        used.add(field);
        keys.append(
            """
              # Its values are %s. Records of train are trained on, those of validation go to
              # validation/, and those of test are left out.
              splitField: %s
            """
                .formatted(shown(splits), ProposedText.quoted(splitField)));
        return;
      }
    }
  }

  private static boolean namesHeldOutData(FieldSummary field) {
    for (String value : field.values().keySet()) {
      DatasetSplit split = DatasetSplit.of(value);
      if (split != null && split != DatasetSplit.TRAIN) {
        return true;
      }
    }
    return false;
  }

  private void requireOnlySplits(FieldSummary field, List<String> splits, List<String> others) {
    if (others.isEmpty() && field.records() == records) {
      return;
    }
    String path = ProposedText.quoted(field.path());
    throw new CorpusException(
        ("%s: the field %s names splits (%s), but %s. Write a job with the key"
                + " corpus.splitField: `splitField: %s` trains on train, keeps validation apart,"
                + " leaves test out and makes each other record a dead letter; without the key all"
                + " records are trained on")
            .formatted(
                inputs,
                path,
                shown(splits),
                others.isEmpty()
                    ? Plural.of(records - field.records(), "record") + " have none"
                    : "other values too (" + shown(others) + ")",
                path));
  }

  private static String shown(List<String> values) {
    return values.stream()
            .limit(SHOWN)
            .map(value -> ProposedText.cut(value, 30))
            .collect(Collectors.joining(", "))
        + (values.size() > SHOWN ? ", …" : "");
  }

  private void chooseIdAndGroup() {
    int texts = used.stream().mapToInt(FieldSummary::records).max().orElse(0);
    Predicate<FieldSummary> isFilled = f -> f.records() >= texts;
    chooseId(isFilled);
    chooseGroup(isFilled);
  }

  /** Uses a field whose values are unique and have no spaces, or a usual name. */
  private void chooseId(Predicate<FieldSummary> isFilled) {
    Predicate<FieldSummary> isId = isFilled.and(FieldSummary::isDistinct);
    Optional<FieldSummary> id =
        find(ID_NAMES, isId).or(() -> find(ANY, isId.and(f -> !f.hasSpaces())));
    idField = id.map(FieldSummary::path).orElse(null);
    keys.append(
        idField == null
            ? """
              # No field is unique. Without a field "id", documents are named by file and offset.
            """
            : """
              # No value of this field repeats in the %s that init has read.
              idField: %s
            """
                .formatted(Plural.of(records, "record"), ProposedText.quoted(idField)));
    id.ifPresent(used::add);
  }

  /** Uses a field of a usual name that has few values; any other field needs fewer. */
  private void chooseGroup(Predicate<FieldSummary> isFilled) {
    boolean oneGroup = find(GROUP_NAMES, f -> f.values().size() == 1).isPresent();
    Predicate<FieldSummary> suits = isFilled.and(f -> !oneGroup && f.isGroup(3));
    Optional<FieldSummary> grouping =
        find(GROUP_NAMES, f -> f.isGroup(1)).or(() -> find(ANY, suits));
    grouping.ifPresent(used::add);
    group = grouping.orElse(null);
  }

  /** The first field that suits, of the names in their order, and is not used yet. */
  private Optional<FieldSummary> find(List<String> names, Predicate<FieldSummary> suits) {
    return names.stream()
        .flatMap(name -> fields.stream().filter(field -> field.isNamed(name)))
        .filter(field -> !used.contains(field) && suits.test(field))
        .findFirst();
  }
}
