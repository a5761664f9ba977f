package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteBuilder;

/** What is taken of each record of a file: text, id and group. For one thread. */
public final class RecordFields {
  /** The number of the text's first field. */
  public static final int TEXT = 0;

  private final FieldTemplate text;
  private final String textKey;
  private final FieldTemplate id;
  private final @Nullable FieldTemplate group;
  private final List<FieldPath> paths;
  private final int firstOfGroup;
  private final ByteBuilder name = new ByteBuilder(64);

  /** The last group: corpora have few, and one after the other. */
  private byte[] groupBytes = new byte[0];

  private @Nullable String lastGroup;

  /**
   * @param textKey the key of the job that names the text, for messages
   */
  public RecordFields(
      FieldTemplate text, String textKey, FieldTemplate id, @Nullable FieldTemplate group) {
    this.text = text;
    this.textKey = textKey;
    this.id = id;
    this.group = group;
    List<FieldPath> all = new ArrayList<>(text.paths());
    all.addAll(id.paths());
    this.firstOfGroup = all.size();
    if (group != null) {
      all.addAll(group.paths());
    }
    this.paths = List.copyOf(all);
  }

  public FieldTemplate text() {
    return text;
  }

  /** The key of the job that names the text. */
  public String textKey() {
    return textKey;
  }

  /** All fields: those of the text, then those of the id, then those of the group. */
  public List<FieldPath> paths() {
    return paths;
  }

  /** The id of a record; null where a field of it is missing, null, an object or a list. */
  public @Nullable String id(FieldValues values) {
    name.clear();
    return id.append(values, text.paths().size(), true, name) == FieldTemplate.WHOLE
        ? new String(name.bytes(), 0, name.length(), UTF_8)
        : null;
  }

  /** The group of a record, as the id is found; null without groups too. */
  public @Nullable String group(FieldValues values) {
    name.clear();
    if (group == null || group.append(values, firstOfGroup, true, name) != FieldTemplate.WHOLE) {
      return null;
    }
    if (lastGroup == null
        || !Arrays.equals(name.bytes(), 0, name.length(), groupBytes, 0, groupBytes.length)) {
      groupBytes = Arrays.copyOf(name.bytes(), name.length());
      lastGroup = new String(groupBytes, UTF_8);
    }
    return lastGroup;
  }
}
