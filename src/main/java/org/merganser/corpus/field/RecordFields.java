package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.KeptField;
import org.merganser.json.Json;
import org.merganser.text.unicode.Utf8;

/** Reads text, id, group and kept fields of each record of a file. Not thread-safe. */
public final class RecordFields {
  /** Java accepts further spellings of a number, such as 5d. */
  private static final Pattern CELL_NUMBER = Pattern.compile("[0-9eE.+-]+");

  private static final int LONGEST_SHOWN = 60;

  public static final int TEXT = 0;

  private final FieldTemplate text;
  private final String textKey;
  private final boolean segmented;
  private final FieldTemplate id;
  private final @Nullable FieldTemplate group;
  private final @Nullable FieldTemplate split;
  private final List<FieldPath> paths;
  private final int firstOfGroup;
  private final int firstOfSplit;
  private final ByteBuilder name = new ByteBuilder(64);

  private final List<KeptField> kept;
  private final int firstKept;
  private @Nullable String illFormed;

  /**
   * @param textKey the key of the job that names the text, for messages
   * @param segmented whether the text is a list of segments, and not a string
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
    this.kept = kept;
    this.firstKept = all.size();
    kept.forEach(field -> all.add(FieldPath.parse(field.path())));
    this.paths = List.copyOf(all);
  }

  public FieldTemplate text() {
    return text;
  }

  public String textKey() {
    return textKey;
  }

  /** The number of fields of the text; they are the first ones. */
  public int textFields() {
    return text.paths().size();
  }

  public boolean segmented() {
    return segmented;
  }

  public int firstKept() {
    return firstKept;
  }

  public @Nullable Object[] newKept() {
    return new @Nullable Object[kept.size()];
  }

  /**
   * Reads the values of the kept fields.
   *
   * @param typed whether the values have types; else each is a text that is parsed as the wanted
   *     type, and an empty one is no value
   * @param into receives their values, as in {@code Document}
   * @return the problem in one of them, for a person; null if there is none
   */
  public @Nullable String kept(FieldValues values, boolean typed, @Nullable Object[] into) {
    for (int i = 0; i < kept.size(); i++) {
      FieldValues.Kind kind = values.kind(firstKept + i);
      into[i] = null;
      if (kind == FieldValues.Kind.MISSING || kind == FieldValues.Kind.NULL) {
        continue;
      }
      name.clear();
      values.append(firstKept + i, name);
      if (!typed && name.length() == 0) {
        continue;
      }
      checkUtf8(kept.get(i).path());
      into[i] = value(kept.get(i).type(), typed ? kind : null);
      if (into[i] == null) {
        return ("field %s is %s, and shards.keep has it as %s; keep it as a string (%s), or mend"
                + " the records")
            .formatted(
                kept.get(i).path(),
                shown(),
                kept.get(i).type().name().toLowerCase(Locale.ROOT),
                kept.get(i).path());
      }
    }
    return null;
  }

  private @Nullable Object value(KeptField.Type type, FieldValues.@Nullable Kind kind) {
    if (type == KeptField.Type.STRING) {
      return utf8();
    }
    String written = new String(name.bytes(), 0, name.length(), UTF_8);
    boolean number = kind == null || kind == FieldValues.Kind.NUMBER;
    try {
      return switch (type) {
        case INTEGER -> number ? (Object) Long.parseLong(written) : null;
        case DOUBLE ->
            number && (kind != null || CELL_NUMBER.matcher(written).matches())
                ? finite(Double.parseDouble(written))
                : null;
        default ->
            (kind == null || kind == FieldValues.Kind.BOOLEAN)
                    && (written.equals("true") || written.equals("false"))
                ? written.equals("true")
                : null;
      };
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** JSON allows numbers that exceed a double. */
  private static @Nullable Object finite(double value) {
    return Double.isInfinite(value) ? null : value;
  }

  private byte[] utf8() {
    if (Utf8.firstIllFormed(name.bytes(), 0, name.length()) < 0) {
      return Arrays.copyOf(name.bytes(), name.length());
    }
    ByteBuilder replaced = new ByteBuilder(name.length() + 16);
    Utf8.replaceIllFormed(name.bytes(), 0, name.length(), replaced);
    return replaced.toByteArray();
  }

  private void checkUtf8(String field) {
    int bad = Utf8.firstIllFormed(name.bytes(), 0, name.length());
    if (bad >= 0) {
      illFormed =
          "field %s is %s, which is not UTF-8 at its byte %s".formatted(field, shown(), bad);
    }
  }

  /**
   * The field of the record that was not UTF-8 when it was read as an id, a group or a kept field,
   * for a person, since two such values could become one; null if there is none. That a job
   * replaces what is ill-formed in texts makes no difference. Reset for the next record.
   */
  public @Nullable String illFormed() {
    String found = illFormed;
    illFormed = null;
    return found;
  }

  private String shown() {
    String text = new String(name.bytes(), 0, Math.min(name.length(), LONGEST_SHOWN), UTF_8);
    return "\"" + text + (name.length() > LONGEST_SHOWN ? "…" : "") + "\"";
  }

  /**
   * All fields, in this order: those of the text, the id, the group and the split, and the kept
   * ones.
   */
  public List<FieldPath> paths() {
    return paths;
  }

  /** The id of a record; null if one of its fields is missing, null, an object or a list. */
  public @Nullable String id(FieldValues values) {
    name.clear();
    if (id.append(values, textFields(), name) != FieldTemplate.WHOLE) {
      return null;
    }
    checkUtf8(id.toString());
    return new String(name.bytes(), 0, name.length(), UTF_8);
  }

  /** An id that is the value of no field, read like one. */
  public String id(String source, byte[] value) {
    name.clear();
    name.append(value);
    checkUtf8(source);
    return new String(value, UTF_8);
  }

  public boolean hasSplit() {
    return split != null;
  }

  /** The name of the split of a record, read like the id; null also if the job has no splits. */
  public @Nullable String split(FieldValues values) {
    name.clear();
    if (split == null || split.append(values, firstOfSplit, name) != FieldTemplate.WHOLE) {
      return null;
    }
    return new String(name.bytes(), 0, name.length(), UTF_8);
  }

  /** The problem of a record whose split is no word of one, for a person. */
  public String unknownSplit(@Nullable String value) {
    String shown =
        value == null
            ? "missing, or no text"
            : Json.line(
                value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "…");
    return "field %s (corpus.splitField) is %s; the words of splits are %s"
        .formatted(split, shown, DatasetSplit.allWords());
  }

  /** The group of a record, read like the id; null also if the job has no groups. */
  public @Nullable String group(FieldValues values) {
    name.clear();
    if (group == null || group.append(values, firstOfGroup, name) != FieldTemplate.WHOLE) {
      return null;
    }
    checkUtf8(group.toString());
    return new String(name.bytes(), 0, name.length(), UTF_8);
  }
}
