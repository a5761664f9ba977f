package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.KeptField;
import org.merganser.json.Json;
import org.merganser.text.unicode.Utf8;

/**
 * Knows which fields of a record are its text, id, group, split and kept fields, and reads all of
 * these but the text. Not thread-safe.
 */
public final class RecordFields {
  /** The number of the first field of the text. */
  public static final int TEXT = 0;

  /** The most bytes of a value, or characters of the name of a split, in a message. */
  private static final int MOST_SHOWN = 60;

  private final FieldTemplate text;
  private final String textKey;
  private final boolean segmented;
  private final FieldTemplate id;
  private final @Nullable FieldTemplate group;
  private final @Nullable FieldTemplate split;
  private final List<KeptField> kept;
  private final List<FieldPath> paths;

  /** The number in {@link #paths} of the first field of the group. */
  private final int firstOfGroup;

  /** The number in {@link #paths} of the first field of the split. */
  private final int firstOfSplit;

  /** As {@link #firstKept()}. */
  private final int firstKept;

  /** The value that was read last, in bytes as they are in the file; reused. */
  private final ByteBuilder value = new ByteBuilder(64);

  /** As {@link #takeIllFormed} returns it. */
  private @Nullable String illFormed;

  /**
   * @param text the field or template of the text
   * @param textKey the key of the job that names the text, for messages
   * @param segmented whether the text is a list of segments, and not a string
   * @param id the field or template of the id
   * @param group null if records have no group
   * @param split null if records have no split
   * @param kept the kept fields, in the order of their columns
   */
  public RecordFields(
      FieldTemplate text,
      String textKey,
      boolean segmented,
      FieldTemplate id,
      @Nullable FieldTemplate group,
      @Nullable FieldTemplate split,
      List<KeptField> kept) {
    this.text = text;
    this.textKey = textKey;
    this.segmented = segmented;
    this.id = id;
    this.group = group;
    this.split = split;
    this.kept = kept;
    List<FieldPath> all = new ArrayList<>(text.paths());
    all.addAll(id.paths());
    this.firstOfGroup = all.size();
    if (group != null) {
      all.addAll(group.paths());
    }
    this.firstOfSplit = all.size();
    if (split != null) {
      all.addAll(split.paths());
    }
    this.firstKept = all.size();
    kept.forEach(field -> all.add(FieldPath.parse(field.path())));
    this.paths = List.copyOf(all);
  }

  /**
   * All fields, in this order: those of the text, the id, the group and the split, and the kept
   * ones.
   */
  public List<FieldPath> paths() {
    return paths;
  }

  /** The field or template of the text. */
  public FieldTemplate text() {
    return text;
  }

  /** The key of the job that names the text, for messages. */
  public String textKey() {
    return textKey;
  }

  /** The number of fields of the text; they are the first ones. */
  public int textFieldCount() {
    return text.paths().size();
  }

  /** Whether the text is a list of segments, and not a string. */
  public boolean segmented() {
    return segmented;
  }

  /** The number of the first kept field; all later ones are kept fields, too. */
  public int firstKept() {
    return firstKept;
  }

  /** Whether records have a split. */
  public boolean hasSplit() {
    return split != null;
  }

  /**
   * The id of a record; null if one of its fields is missing, null, an object or a list, or if the
   * id is empty in a format without types.
   */
  public @Nullable String id(FieldValues values) {
    return checkedText(id, textFieldCount(), values);
  }

  /**
   * An id that is not the value of a field, such as a header of WARC; checked like that of a field.
   *
   * @param source its name in a message
   */
  public String idFrom(String source, byte[] bytes) {
    clearedValue().append(bytes);
    return checkedValue(source);
  }

  /** The group of a record, read like the id; null also if the job has no groups. */
  public @Nullable String group(FieldValues values) {
    return group == null ? null : checkedText(group, firstOfGroup, values);
  }

  /**
   * The value of the field that names the split of a record, of which it may be no word; null if it
   * is missing, null, an object or a list, or the job has no splits.
   */
  public @Nullable String split(FieldValues values) {
    return split != null
            && split.append(values, firstOfSplit, clearedValue()) == FieldTemplate.WHOLE
        ? valueAsString()
        : null;
  }

  /**
   * The problem of a record without a known split, for a person.
   *
   * @param name the result of {@link #split}
   */
  public String unknownSplit(@Nullable String name) {
    String shown =
        name == null
            ? "missing, or no text"
            : Json.line(name.length() <= MOST_SHOWN ? name : name.substring(0, MOST_SHOWN) + "…");
    return "field %s (corpus.splitField) is %s; the words of splits are %s"
        .formatted(split, shown, DatasetSplit.allWords());
  }

  /** A new array for {@link #readKept}. */
  public @Nullable Object[] newKept() {
    return new @Nullable Object[kept.size()];
  }

  /**
   * Reads the values of the kept fields, as {@link KeptValue} converts them.
   *
   * @param into receives their values, as in {@code Document}; null for a field without a value
   * @return the first value that is not of its type, for a person, after which none is read; null
   *     if there is none
   */
  public @Nullable String readKept(FieldValues values, @Nullable Object[] into) {
    for (int i = 0; i < kept.size(); i++) {
      KeptField field = kept.get(i);
      into[i] = null;
      if (!readValue(values, firstKept + i)) {
        continue;
      }
      checkUtf8(field.path());
      into[i] =
          values.areTyped()
              ? KeptValue.ofTyped(value, values.kind(firstKept + i), field.type())
              : KeptValue.ofText(value, field.type());
      if (into[i] == null) {
        return ("field %s is %s, and shards.keep has it as %s; keep it as a string (%s), or mend"
                + " the records")
            .formatted(
                field.path(),
                shownValue(),
                field.type().name().toLowerCase(Locale.ROOT),
                field.path());
      }
    }
    return null;
  }

  /**
   * Returns the problem of the last id, group or kept field that was read since the call before and
   * is not UTF-8, for a person; null if there is none. Such a record is refused even if the job
   * replaces ill-formed parts of texts, since two ids could become one.
   */
  public @Nullable String takeIllFormed() {
    String found = illFormed;
    illFormed = null;
    return found;
  }

  /** Sets {@link #value} to that of a field; false if the field has none. */
  private boolean readValue(FieldValues values, int field) {
    FieldValues.Kind kind = values.kind(field);
    if (kind == FieldValues.Kind.MISSING || kind == FieldValues.Kind.NULL) {
      return false;
    }
    values.append(field, clearedValue());
    return values.areTyped() || value.length() > 0;
  }

  /** Returns {@link #value}, which it clears. */
  private ByteBuilder clearedValue() {
    value.clear();
    return value;
  }

  /** The value of the template of the id or the group; null in the cases of {@link #id}. */
  private @Nullable String checkedText(FieldTemplate template, int first, FieldValues values) {
    if (template.append(values, first, clearedValue()) != FieldTemplate.WHOLE) {
      return null;
    }
    String read = checkedValue(template.toString());
    return read.isEmpty() && !values.areTyped() ? null : read;
  }

  /** The value as a string, after {@link #checkUtf8}. */
  private String checkedValue(String field) {
    checkUtf8(field);
    return valueAsString();
  }

  /** Notes for {@link #takeIllFormed} if the value is not UTF-8. */
  private void checkUtf8(String field) {
    int bad = Utf8.firstIllFormed(value.bytes(), 0, value.length());
    if (bad >= 0) {
      illFormed =
          "field %s is %s, which is not UTF-8 at its byte %s".formatted(field, shownValue(), bad);
    }
  }

  private String valueAsString() {
    return new String(value.bytes(), 0, value.length(), UTF_8);
  }

  /** The beginning of the value in quotes, for a message. */
  private String shownValue() {
    String begin = new String(value.bytes(), 0, Math.min(value.length(), MOST_SHOWN), UTF_8);
    return "\"" + begin + (value.length() > MOST_SHOWN ? "…" : "") + "\"";
  }
}
