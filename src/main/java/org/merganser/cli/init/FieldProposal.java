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
import org.merganser.corpus.plan.ChatAdvice;
import org.merganser.corpus.read.RecordSample;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;

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

  private static final List<String> LISTED = List.of("answers.text", "answers", "answer");

  private static final List<String> ANY = List.of("");

  private static final List<List<String>> PAIRS =
      List.of(
          List.of("source", "target"),
          List.of("src", "tgt"),
          List.of("sentence1", "sentence2"),
          List.of("text1", "text2"),
          List.of("premise", "hypothesis"));

  private static final Set<String> LANGUAGES = Set.copyOf(List.of(Locale.getISOLanguages()));

  private static final Set<String> REFERENCES =
      Set.of("parent_id", "parent", "reply_to", "in_reply_to", "thread_id", "prev_id", "link_id");

  private static final List<String> ID_NAMES = List.of("id", "doc_id", "uuid", "url", "key");
  private static final List<String> SPLIT_NAMES =
      List.of("split", "set", "subset", "partition", "fold", "data_split", "dataset_split");
  private static final List<String> GROUP_NAMES =
      List.of("lang", "language", "source", "subset", "domain", "category", "license");

  private final String inputs;
  private final Map<InputFile, List<Map<String, Object>>> samples;
  private final List<FieldSummary> fields;
  private final int records;
  private final StringBuilder keys = new StringBuilder();
  private final Set<FieldSummary> used = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();
  @Nullable String textField;
  @Nullable String segmentsField;
  @Nullable String idField;
  @Nullable String splitField;
  @Nullable FieldSummary group;

  /**
   * @param inputs as the user named them, for messages
   * @param samples the first records of some files
   * @throws CorpusException for records with chats, with the script that turns them into segments
   */
  FieldProposal(String inputs, Map<InputFile, List<Map<String, Object>>> samples) {
    this.inputs = inputs;
    this.samples = samples;
    List<Map<String, Object>> all = samples.values().stream().flatMap(List::stream).toList();
    this.fields = FieldSummary.of(all);
    this.records = all.size();
    Optional<FieldSummary> usual =
        find(TEXT_NAMES, f -> f.isText() && f.isReadable() && f.characters() > 0)
            .or(() -> find(TEXT_NAMES, f -> TEXT_NAMES.contains(f.path()) && f.hasListedStrings()));
    Optional<FieldSummary> segments = fields.stream().filter(FieldSummary::hasSegments).findFirst();
    if (usual.isPresent()) {
      text(usual.get());
    } else if (segments.isPresent()) {
      segments(segments.get());
    } else {
      requireNoChat();
      requireNoIds();
      if (!promptAndAnswer() && !pair()) {
        longest();
      }
      if (used.isEmpty()) {
        listed();
      }
    }
    reference();
    if (textField != null) {
      longerLists();
    }
    if (!used.isEmpty()) {
      split();
      idAndGroup();
    }
  }

  /** Whether a record has a text in a field of a usual name. */
  static boolean hasUsualText(Map<String, Object> record) {
    return TEXT_NAMES.stream().anyMatch(name -> record.get(name) instanceof String);
  }

  String keys() {
    return keys
        + (unused().isEmpty() || used.isEmpty()
            ? ""
            : "  # Not used, though they hold text: %s.\n  # A template such as %s joins fields.\n"
                .formatted(unusedNames(), "\"{title}\\n\\n{text}\""));
  }

  List<String> warnings() {
    return warnings;
  }

  String unusedNames() {
    return unused().stream()
        .map(path -> JobProposal.cut(path, 60))
        .collect(Collectors.joining(", "));
  }

  List<String> unused() {
    return fields.stream()
        .filter(field -> !used.contains(field))
        .filter(field -> field.list() != null ? field.hasListedText() : field.strings() > 0)
        .map(FieldSummary::path)
        .toList();
  }

  private void text(FieldSummary field) {
    textField = field.path();
    used.add(field);
    keys.append("  textField: %s%n".formatted(JobProposal.quoted(textField)));
  }

  private void segments(FieldSummary field) {
    segmentsField = field.path();
    used.add(field);
    keys.append(
        """
          # Each record is a list of texts, of which a model is trained on some. The marks of a chat
          # template in them, such as <|im_end|>, belong in specialTokens below, and then
          # `specialText: parse` in `tokenizer`.
        """);
    keys.append("  segmentsField: %s%n".formatted(JobProposal.quoted(segmentsField)));
  }

  private void requireNoChat() {
    for (FieldSummary field : fields) {
      if (field.hasChatsInStrings()) {
        throw new CorpusException(
            ("%s: the field %s holds chats as strings of JSON. This writes them as lists, for init"
                    + " to read:\n%s > lists.jsonl")
                .formatted(
                    inputs,
                    JobProposal.quoted(field.path()),
                    ShellCommand.ofRecords(
                        filesWith(field.path()).get(0),
                        "jq -c '%s |= fromjson'".formatted(ShellCommand.stepsOfJq(field.path())))));
      }
      if (field.list() != null && RecordSample.isChat(field.list())) {
        String next = ProgramCommand.line("init", "segments.jsonl", "--output", "segments.yaml");
        used.add(field);
        List<InputFile> files = filesWith(field.path());
        String render =
            ShellCommand.ofRecords(files.get(0), ChatAdvice.PROGRAM)
                + " > segments.jsonl"
                + (files.size() == 1 ? "" : "  # each other file likewise, with >>");
        throw new CorpusException(
            inputs
                + ": "
                + ChatAdvice.advice(field.path(), field.list(), render, next)
                + (unused().isEmpty()
                    ? ""
                    : "Not in segments.jsonl, though they hold text: " + unusedNames() + "\n"));
      }
    }
  }

  /** The sampled files that have a field. */
  private List<InputFile> filesWith(String path) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getValue().stream().anyMatch(r -> r.containsKey(path)))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean promptAndAnswer() {
    Predicate<FieldSummary> often = f -> f.isText() && 2 * f.records() > records;
    Optional<FieldSummary> answer =
        find(ANSWERED, often).or(() -> find(LISTED, FieldSummary::hasListedText));
    Optional<FieldSummary> asked = find(ASKED, often);
    if (asked.isEmpty() || answer.isEmpty()) {
      return false;
    }
    List<FieldSummary> parts = new ArrayList<>();
    find(BEFORE, FieldSummary::isText).ifPresent(parts::add);
    parts.add(asked.get());
    Optional<FieldSummary> added =
        find(List.of("input"), FieldSummary::isText).filter(f -> !parts.contains(f));
    added.ifPresent(parts::add);
    parts.add(answer.get());
    used.addAll(parts);
    boolean joined = 2 * asked.get().ending() > records || 2 * answer.get().beginning() > records;
    StringBuilder template = new StringBuilder();
    for (FieldSummary part : parts) {
      boolean first = template.isEmpty();
      template.append(first || part.equals(answer.get()) && joined ? "" : "\n\n");
      boolean listed = part.list() != null; // the list may be empty
      template.append('{').append(part.path()).append(listed ? "[0]" : "");
      template.append(listed || part.records() < records ? "?}" : "}");
    }
    textField = template.toString();
    keys.append(
        """
          # Each record is a prompt and its answer: these fields are joined in this order,
          # %s. All of it is trained on. To train on the
          # answers alone, write segments, and name them as segmentsField in place of textField:
          #   {"segments": [{"text": PROMPT, "loss": false}, {"text": ANSWER, "loss": true}]}
          # A model that has a chat template wants its marks in the segments.
        """
            .formatted(joined ? "as their spaces show" : "with an empty line between them"));
    added.ifPresent(
        field ->
            keys.append(
                "  # A record with an empty %s keeps the empty lines around it.%n"
                    .formatted(JobProposal.cut(field.path(), 60))));
    keys.append("  textField: %s%n".formatted(JobProposal.quoted(textField)));
    return true;
  }

  /**
   * @throws CorpusException for records that have nothing but ids
   */
  private void requireNoIds() {
    boolean hasText =
        fields.stream().anyMatch(f -> f.isLongText() && f.isReadable() || f.hasListedStrings());
    for (FieldSummary field : fields) {
      if (!hasText && field.list() != null && field.list().path(0).isIntegralNumber()) {
        throw new CorpusException(
            ("%s: this is tokenized already: the field %s has ids, and no field has text. Ids"
                    + " become text with the tokenizer that made them: %s prints the text of ids on"
                    + " standard input, one document a line; or take the text that the ids were made"
                    + " from")
                .formatted(
                    inputs,
                    JobProposal.quoted(field.path()),
                    ProgramCommand.line("decode", "tokenizer.json")));
      }
    }
  }

  /** Two texts of a translation or a comparison, which are one document. */
  private boolean pair() {
    List<FieldSummary> texts =
        fields.stream()
            .filter(f -> f.isText() && f.isReadable() && f.records() == records)
            .toList();
    List<FieldSummary> languages = texts.stream().filter(f -> isLanguage(f.name())).toList();
    List<FieldSummary> both = languages.size() == 2 ? languages : List.of();
    for (List<String> names : PAIRS) {
      Optional<FieldSummary> one = find(List.of(names.get(0)), texts::contains);
      Optional<FieldSummary> other = find(List.of(names.get(1)), texts::contains);
      if (both.isEmpty() && one.isPresent() && other.isPresent()) {
        both = List.of(one.get(), other.get());
      }
    }
    if (both.isEmpty()) {
      return false;
    }
    used.addAll(both);
    String first = both.get(0).path();
    String second = both.get(1).path();
    textField = "{%s}\n{%s}".formatted(first, second);
    keys.append(
        """
          # Each record is a pair, and both texts are one document, in this order. The other order is
          #   textField: %s
          # and one of them alone is textField: %s or textField: %s.
          textField: %s
        """
            .formatted(
                JobProposal.quoted("{%s}\n{%s}".formatted(second, first)),
                JobProposal.quoted(first),
                JobProposal.quoted(second),
                JobProposal.quoted(textField)));
    return true;
  }

  private static boolean isLanguage(String name) {
    return LANGUAGES.contains(name.toLowerCase(Locale.ROOT).replaceFirst("[-_].*", ""));
  }

  /** The strings of a list, if no field is a text. */
  private void listed() {
    fields.stream()
        .filter(FieldSummary::hasListedStrings)
        .max(Comparator.comparingInt(f -> String.valueOf(f.list()).length()))
        .ifPresent(
            field -> {
              if (field.hasListedWords()) {
                throw new CorpusException(
                    ("%s: the field %s is a list of words. This joins them with spaces:\n%s >"
                            + " texts.jsonl\nIf each is to be a line of the text, write a job with"
                            + " corpus.textField: %s")
                        .formatted(
                            inputs,
                            JobProposal.quoted(field.path()),
                            ShellCommand.ofRecords(
                                filesWith(field.path()).get(0),
                                "jq -c '.text = (%s | join(\" \"))'"
                                    .formatted(ShellCommand.stepsOfJq(field.path()))),
                            JobProposal.quoted(field.path())));
              }
              keys.append("  # The strings of this list are lines of one document.\n");
              text(field);
            });
  }

  /** Says that records which refer to others are documents of their own. */
  private void reference() {
    fields.stream()
        .filter(f -> REFERENCES.contains(f.name().toLowerCase(Locale.ROOT)))
        .findFirst()
        .ifPresent(
            field ->
                warnings.add(
                    ("each record is one document, with the field %s alone, although %s refers to"
                            + " other records; its fields are %s")
                        .formatted(
                            textField == null ? "\"\"" : JobProposal.quoted(textField),
                            JobProposal.quoted(field.path()),
                            shown(fields.stream().map(FieldSummary::path).toList()))));
  }

  /** Says which list holds more text than the fields that are used. */
  private void longerLists() {
    double length = used.stream().mapToDouble(FieldSummary::meanLength).sum();
    fields.stream()
        .filter(f -> !used.contains(f) && f.list() != null && f.hasListedText())
        .filter(f -> f.listedCharacters() > 2 * Math.max(1, length))
        .max(Comparator.comparingLong(FieldSummary::listedCharacters))
        .ifPresent(field -> warnings.add(ofList(field)));
  }

  private String ofList(FieldSummary field) {
    String most = "most of the text is in the list " + JobProposal.quoted(field.path());
    if (2 * field.records() < records) {
      return most + " and in others whose names differ by record; no textField names them all";
    }
    String name = field.longestOfItems();
    String items = ShellCommand.stepsOfJq(field.path()) + "[]";
    return field.hasListedStrings()
        ? most
            + ": textField: %s reads its strings, joined by line feeds"
                .formatted(JobProposal.quoted(field.path()))
        : most
            + ", which is not used: %s > texts.jsonl joins its texts"
                .formatted(
                    ShellCommand.ofRecords(
                        filesWith(field.path()).get(0),
                        "jq -c '.text = ([%s | %s // empty] | join(\"\\n\\n\"))'"
                            .formatted(items, ShellCommand.stepsOfJq(FieldPath.named(name)))));
  }

  private void longest() {
    Predicate<FieldSummary> suits =
        f -> f.isLongText() && f.isReadable() && !f.path().matches(".*[;|\t].*");
    boolean prose = fields.stream().anyMatch(suits.and(FieldSummary::isProse));
    fields.stream()
        .filter(suits) // names joined with other separators are a header that was misread
        .filter(f -> !prose || f.isProse())
        .max(Comparator.comparingLong(FieldSummary::characters))
        .ifPresent(
            field -> {
              keys.append("  # Of the fields with text it is the longest.\n");
              text(field);
            });
  }

  /**
   * @throws CorpusException if a field names splits and something else
   */
  private void split() {
    for (FieldSummary field : fields) {
      if (SPLIT_NAMES.stream().noneMatch(field::isNamed)
          || field.list() != null
          || used.contains(field)) {
        continue;
      }
      Map<Boolean, List<String>> values =
          field.values().keySet().stream()
              .collect(Collectors.partitioningBy(value -> DatasetSplit.of(value) != null));
      List<String> words = values.getOrDefault(true, List.of());
      List<String> others = values.getOrDefault(false, List.of());
      boolean heldOut =
          words.stream().anyMatch(word -> DatasetSplit.of(word) != DatasetSplit.TRAIN);
      if (!heldOut) {
        continue;
      }
      String path = JobProposal.quoted(field.path());
      if (!others.isEmpty() || field.records() < records) {
        throw new CorpusException(
            ("%s: the field %s names splits (%s), but %s. Write a job with the key"
                    + " corpus.splitField: `splitField: %s` trains on train, keeps validation apart,"
                    + " leaves test out and makes each other record a dead letter; without the key all"
                    + " records are trained on")
                .formatted(
                    inputs,
                    path,
                    shown(words),
                    others.isEmpty()
                        ? Plural.of(records - field.records(), "record") + " have none"
                        : "other values too (" + shown(others) + ")",
                    path));
      }
      splitField = field.path();
      used.add(field);
      keys.append(
          """
            # Its values are %s. Records of train are trained on, those of validation go to
            # validation/, and those of test are left out.
            splitField: %s
          """
              .formatted(shown(words), path));
      return;
    }
  }

  private static String shown(List<String> values) {
    return values.stream()
            .limit(6)
            .map(value -> JobProposal.cut(value, 30))
            .collect(Collectors.joining(", "))
        + (values.size() > 6 ? ", …" : "");
  }

  private void idAndGroup() {
    int texts = used.stream().mapToInt(FieldSummary::records).max().orElse(0);
    Predicate<FieldSummary> filled = f -> f.records() >= texts;
    Predicate<FieldSummary> isId = filled.and(FieldSummary::isDistinct);
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
                .formatted(Plural.of(records, "record"), JobProposal.quoted(idField)));
    id.ifPresent(used::add);
    Optional<FieldSummary> one = find(GROUP_NAMES, f -> f.values().size() == 1);
    Optional<FieldSummary> grouping =
        find(GROUP_NAMES, f -> f.isGroup(1))
            .or(() -> find(ANY, filled.and(f -> one.isEmpty() && f.isGroup(3))));
    grouping.ifPresent(used::add);
    group = grouping.orElse(null);
  }

  private Optional<FieldSummary> find(List<String> names, Predicate<FieldSummary> suits) {
    return names.stream()
        .flatMap(name -> fields.stream().filter(field -> field.isNamed(name)))
        .filter(field -> !used.contains(field) && suits.test(field))
        .findFirst();
  }
}
