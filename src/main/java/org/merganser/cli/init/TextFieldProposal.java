package org.merganser.cli.init;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.kind.WholeJson;

/**
 * The fields that are the text of a record. They are the first of these that the records have: a
 * field of a usual name, segments, {@link PromptAndAnswer}, {@link TextPair}, the longest field
 * with text, the longest list of strings.
 *
 * @param textField the path or the template of the text; null for segments, and without text
 * @param segmentsField the path of lists of segments; null if the records have none
 * @param fields those that one of these names; empty if no field has text
 * @param keys the lines of the section {@code corpus} for these fields, with the reasons
 */
record TextFieldProposal(
    @Nullable String textField,
    @Nullable String segmentsField,
    List<FieldSummary> fields,
    String keys) {
  /** A path with a separator in it is a header that was misread as one name. */
  private static final String MISREAD_HEADER = ".*[;|\t].*";

  /** No field has text. */
  private static final TextFieldProposal NONE = new TextFieldProposal(null, null, List.of(), "");

  /**
   * Chooses the text of some records.
   *
   * @throws CorpusException for records that no job reads as they are, see {@link RefusedRecords}
   */
  static TextFieldProposal of(SampledFields sampled, RefusedRecords refused) {
    Optional<TextFieldProposal> certain = ofUsualName(sampled).or(() -> ofSegments(sampled));
    if (certain.isPresent()) {
      return certain.get();
    }
    refused.requireNoChat();
    refused.requireNoIds();
    return PromptAndAnswer.propose(sampled)
        .or(() -> TextPair.propose(sampled))
        .or(() -> ofLongest(sampled))
        .or(() -> ofLongestList(sampled, refused))
        .orElse(NONE);
  }

  /**
   * The proposal of a text in one or more fields.
   *
   * @param textField the path or the template of the text
   * @param fields those that it names
   * @param reasons lines of comments; "" for none
   */
  static TextFieldProposal ofText(String textField, List<FieldSummary> fields, String reasons) {
    String key = "  textField: %s\n".formatted(ProposedText.quoted(textField));
    return new TextFieldProposal(textField, null, fields, reasons + key);
  }

  /** Whether a record has a text in a field of a usual name, at its top level. */
  static boolean hasUsualText(Map<String, Object> record) {
    return WholeJson.TEXT_NAMES.stream().anyMatch(name -> record.get(name) instanceof String);
  }

  /**
   * Proposes a text with a usual name, else a list of strings with one that is in no other field.
   */
  private static Optional<TextFieldProposal> ofUsualName(SampledFields sampled) {
    List<String> names = WholeJson.TEXT_NAMES;
    return sampled
        .first(names, f -> f.isText() && f.isReadable() && f.characters() > 0)
        .or(() -> sampled.first(names, f -> names.contains(f.path()) && f.hasListedStrings()))
        .map(field -> ofText(field.path(), List.of(field), ""));
  }

  private static Optional<TextFieldProposal> ofSegments(SampledFields sampled) {
    return sampled.fields().stream()
        .filter(field -> field.list().beginsWithSegment())
        .findFirst()
        .map(
            field -> new TextFieldProposal(null, field.path(), List.of(field), segmentKeys(field)));
  }

  private static String segmentKeys(FieldSummary field) {
    return """
      # Each record is a list of texts, of which a model is trained on some. The marks of a chat
      # template in them, such as <|im_end|>, belong in specialTokens below, and then
      # `specialText: parse` in `tokenizer`.
      segmentsField: %s
    """
        .formatted(ProposedText.quoted(field.path()));
  }

  /** Proposes the longest readable text, and of prose and other texts the longest prose. */
  private static Optional<TextFieldProposal> ofLongest(SampledFields sampled) {
    Predicate<FieldSummary> suits =
        f -> f.isLongText() && f.isReadable() && !f.path().matches(MISREAD_HEADER);
    List<FieldSummary> texts = sampled.fields().stream().filter(suits).toList();
    boolean hasProse = texts.stream().anyMatch(FieldSummary::isProse);
    return texts.stream()
        .filter(text -> !hasProse || text.isProse())
        .max(Comparator.comparingLong(FieldSummary::characters))
        .map(
            field ->
                ofText(
                    field.path(),
                    List.of(field),
                    "  # Of the fields with text it is the longest.\n"));
  }

  /**
   * Proposes the strings of the longest list.
   *
   * @throws CorpusException if they are single words
   */
  private static Optional<TextFieldProposal> ofLongestList(
      SampledFields sampled, RefusedRecords refused) {
    Optional<FieldSummary> longest =
        sampled.fields().stream()
            .filter(FieldSummary::hasListedStrings)
            .max(Comparator.comparingInt(f -> f.list().items().toString().length()));
    longest.ifPresent(refused::requireNoWords);
    return longest.map(
        field ->
            ofText(
                field.path(),
                List.of(field),
                "  # The strings of this list are lines of one document.\n"));
  }
}
