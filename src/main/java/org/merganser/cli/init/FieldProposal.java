package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.plan.ChatTurns;
import org.merganser.corpus.read.RecordSample;
import org.merganser.dataset.ProgramCommand;
import org.merganser.report.Plural;

/**
 * The fields of records that a job reads: the text (a field of a usual name, segments, a prompt
 * with its answer, else the longest), the id and the group, with the reasons and with the unused
 * fields that have text.
 */
final class FieldProposal {
  /** Usual names of fields in lower case, the most common first. */
  private static final List<String> TEXT_NAMES = List.of("text", "content", "body", "document");

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

  private static final List<String> ID_NAMES = List.of("id", "doc_id", "uuid", "url", "key");
  private static final List<String> GROUP_NAMES =
      List.of("lang", "language", "source", "subset", "domain", "category", "license");

  private final String inputs;
  private final List<FieldSummary> fields;
  private final int records;
  private final StringBuilder keys = new StringBuilder();
  private final Set<FieldSummary> used = new HashSet<>();
  @Nullable String textField;
  @Nullable String segmentsField;
  @Nullable String idField;
  @Nullable FieldSummary group;

  /**
   * @param inputs as the user named them, for messages
   * @throws CorpusException for records with chats, with the script that turns them into segments
   */
  FieldProposal(String inputs, List<FieldSummary> fields, int records) {
    this.inputs = inputs;
    this.fields = fields;
    this.records = records;
    Optional<FieldSummary> usual = find(TEXT_NAMES, f -> f.isText() && f.characters() > 0);
    Optional<FieldSummary> segments = fields.stream().filter(FieldSummary::hasSegments).findFirst();
    if (usual.isPresent()) {
      text(usual.get());
    } else if (segments.isPresent()) {
      segments(segments.get());
    } else {
      requireNoChat();
      if (!promptAndAnswer()) {
        longest();
      }
    }
    if (!used.isEmpty()) {
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
      if (field.list() != null && RecordSample.isChat(field.list())) {
        String next = ProgramCommand.line("init", "segments.jsonl", "--output", "segments.yaml");
        used.add(field);
        throw new CorpusException(
            inputs
                + ": "
                + ChatTurns.advice(field.path(), field.list(), next)
                + (unused().isEmpty()
                    ? ""
                    : "Not in segments.jsonl, though they hold text: " + unusedNames() + "\n"));
      }
    }
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

  private void longest() {
    fields.stream()
        .filter(
            f -> f.isLongText() && !f.path().matches(".*[;|\t].*")) // joined with other separators
        .max(Comparator.comparingLong(FieldSummary::characters))
        .ifPresent(
            field -> {
              keys.append("  # Of the fields with text it is the longest.\n");
              text(field);
            });
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
