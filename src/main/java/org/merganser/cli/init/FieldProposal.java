package org.merganser.cli.init;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.message.Plural;

/**
 * The fields of records that a job reads: {@link TextFieldProposal} chooses the text and {@link
 * SplitFieldProposal} the split; the id and the group are chosen here. The keys of the job file
 * name these fields, and the unused ones that have text.
 */
final class FieldProposal {
  private static final List<String> ID_NAMES = List.of("id", "doc_id", "uuid", "url", "key");
  private static final List<String> GROUP_NAMES =
      List.of("lang", "language", "source", "subset", "domain", "category", "license");

  /** The least records for each value, on average, of a group with a usual name: any number. */
  private static final int RECORDS_PER_NAMED_GROUP = 1;

  private final SampledFields sampled;
  private final TextFieldProposal text;
  private final List<String> warnings;
  private final @Nullable SplitFieldProposal split;
  private final @Nullable FieldSummary id;
  private final @Nullable FieldSummary group;

  /** The fields of the text, the split, the id and the group. */
  private final Set<FieldSummary> used;

  /**
   * @param inputs as the user named them, for messages
   * @param samples the first records of some files
   * @throws CorpusException for records that no job reads as they are, see {@link RefusedRecords},
   *     and for a field that names splits and something else
   */
  FieldProposal(String inputs, Map<InputFile, List<Map<String, Object>>> samples) {
    sampled = SampledFields.of(samples.values().stream().flatMap(List::stream).toList());
    RefusedRecords refused = new RefusedRecords(inputs, samples, sampled.fields());
    text = TextFieldProposal.of(sampled, refused);
    warnings = FieldWarnings.of(sampled, text, refused);
    used = new HashSet<>(text.fields());
    if (used.isEmpty()) {
      split = null;
      id = null;
      group = null;
      return;
    }
    split = SplitFieldProposal.of(inputs, sampled.without(used));
    if (split != null) {
      used.add(split.field());
    }
    int mostRecords = used.stream().mapToInt(FieldSummary::records).max().orElse(0);
    Predicate<FieldSummary> isFilled = field -> field.records() >= mostRecords;
    id = findId(sampled.without(used), isFilled);
    if (id != null) {
      used.add(id);
    }
    group = findGroup(sampled.without(used), isFilled);
    if (group != null) {
      used.add(group);
    }
  }

  /**
   * The first unique field with a usual name, else of any name and without spaces; null for none.
   *
   * @param isFilled whether no field of the text or the split is in more records
   */
  private static @Nullable FieldSummary findId(
      SampledFields unused, Predicate<FieldSummary> isFilled) {
    Predicate<FieldSummary> suits = isFilled.and(FieldSummary::isDistinct);
    return unused
        .first(ID_NAMES, suits)
        .or(() -> unused.first(suits.and(field -> !field.hasSpaces())))
        .orElse(null);
  }

  /**
   * The first field of a usual name that has few values, else the first filled field of another
   * name that has even fewer; null for none. If a field of a usual name has one value, all records
   * are one group, and no field of another name is taken.
   *
   * @param isFilled as in {@link #findId}
   */
  private static @Nullable FieldSummary findGroup(
      SampledFields unused, Predicate<FieldSummary> isFilled) {
    boolean isOneGroup = unused.first(GROUP_NAMES, f -> f.values().size() == 1).isPresent();
    Predicate<FieldSummary> suits =
        isFilled.and(f -> !isOneGroup && f.isGroup(FieldSummary.RECORDS_PER_GROUP));
    return unused
        .first(GROUP_NAMES, f -> f.isGroup(RECORDS_PER_NAMED_GROUP))
        .or(() -> unused.first(suits))
        .orElse(null);
  }

  /** The path or the template of the text; null without one. */
  @Nullable String textField() {
    return text.textField();
  }

  /** The path of lists of segments; null if the records have none. */
  @Nullable String segmentsField() {
    return text.segmentsField();
  }

  /** The path of unique values; null for none. */
  @Nullable String idField() {
    return id == null ? null : id.path();
  }

  /** The path of the names of splits; null for none. */
  @Nullable String splitField() {
    return split == null ? null : split.field().path();
  }

  /** The field whose values are groups; null for none. */
  @Nullable FieldSummary group() {
    return group;
  }

  /** The lines of the section {@code corpus} for these fields, with the reasons. */
  String keys() {
    if (used.isEmpty()) {
      return "";
    }
    return text.keys() + (split == null ? "" : split.keys()) + idKey() + commentOnUnused();
  }

  /** The line of the key for the id, with the reason; only a comment if there is none. */
  private String idKey() {
    return id == null
        ? """
          # No field is unique. Without a field "id", documents are named by file and offset.
        """
        : """
          # No value of this field repeats in the %s that init has read.
          idField: %s
        """
            .formatted(Plural.of(sampled.records(), "record"), ProposedText.quoted(id.path()));
  }

  /** Comments on the unused fields with text; "" without any. */
  private String commentOnUnused() {
    return unused().isEmpty()
        ? ""
        : """
          # Not used, though they hold text: %s.
          # A template such as "{title}\\n\\n{text}" joins fields.
        """
            .formatted(unusedNames());
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
    return sampled.without(used).fields().stream()
        .filter(FieldSummary::holdsText)
        .map(FieldSummary::path)
        .toList();
  }
}
