package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.merganser.corpus.field.FieldPath;

/** Sentences about text that belongs to a record and is not in its proposed text fields. */
final class FieldWarnings {
  /** The names of fields that refer to another record. */
  private static final Set<String> REFERENCES =
      Set.of("parent_id", "parent", "reply_to", "in_reply_to", "thread_id", "prev_id", "link_id");

  private final SampledFields sampled;
  private final TextFieldProposal text;
  private final RefusedRecords refused;

  private FieldWarnings(SampledFields sampled, TextFieldProposal text, RefusedRecords refused) {
    this.sampled = sampled;
    this.text = text;
    this.refused = refused;
  }

  /**
   * The sentences for some records; none if no field is their text.
   *
   * @param text proposed for the sampled records
   * @param refused has the commands for these records
   */
  static List<String> of(SampledFields sampled, TextFieldProposal text, RefusedRecords refused) {
    FieldWarnings warnings = new FieldWarnings(sampled, text, refused);
    List<String> sentences = new ArrayList<>();
    String used = text.textField() == null ? text.segmentsField() : text.textField();
    if (used != null) {
      warnings.ofReference(used).ifPresent(sentences::add);
    }
    if (text.textField() != null) {
      warnings.ofLongerList().ifPresent(sentences::add);
    }
    return sentences;
  }

  /**
   * The warning that records which refer to others are documents of their own.
   *
   * @param used the path or the template of the text, or the path of the segments
   */
  private Optional<String> ofReference(String used) {
    List<String> paths = sampled.fields().stream().map(FieldSummary::path).toList();
    return sampled.fields().stream()
        .filter(field -> REFERENCES.contains(field.name().toLowerCase(Locale.ROOT)))
        .findFirst()
        .map(
            field ->
                ("each record is one document, with the field %s alone, although %s refers to"
                        + " other records; its fields are %s")
                    .formatted(
                        ProposedText.quoted(used),
                        ProposedText.quoted(field.path()),
                        ProposedText.listed(paths)));
  }

  /** The warning of a list with more than twice the mean text of the fields that are used. */
  private Optional<String> ofLongerList() {
    double usedLength = text.fields().stream().mapToDouble(FieldSummary::meanLength).sum();
    return sampled.fields().stream()
        .filter(field -> !text.fields().contains(field) && field.list().mayHaveText())
        .filter(field -> field.list().characters() > 2 * Math.max(1, usedLength))
        .max(Comparator.comparingLong(field -> field.list().characters()))
        .map(this::longerListSentence);
  }

  /** The sentence about a list, with a key or a command that reads its text, if one does. */
  private String longerListSentence(FieldSummary field) {
    String beginning = "most of the text is in the list " + ProposedText.quoted(field.path());
    if (2 * field.records() < sampled.records()) {
      return beginning + " and in others whose names differ by record; no textField names them all";
    }
    if (field.hasListedStrings()) {
      return beginning
          + ": textField: %s reads its strings, joined by line feeds"
              .formatted(ProposedText.quoted(field.path()));
    }
    String items = ShellCommand.stepsOfJq(field.path()) + "[]";
    String itemText = ShellCommand.stepsOfJq(FieldPath.named(field.list().nameOfLongestText()));
    String program =
        "jq -c '.text = ([%s | %s // empty] | join(\"\\n\\n\"))'".formatted(items, itemText);
    return beginning
        + ", which is not used: %s > texts.jsonl joins its texts"
            .formatted(refused.command(field, program));
  }
}
