package org.merganser.corpus.field;

import org.merganser.text.unicode.ByteBuilder;

/** The values of a record's fields, by the numbers that {@link RecordFields#paths} gives them. */
public interface FieldValues {
  /** The kind of a field's value. */
  enum Kind {
    MISSING,
    NULL,
    STRING,
    NUMBER,
    BOOLEAN,
    OBJECT,
    ARRAY
  }

  Kind kind(int field);

  /**
   * Appends the text of a string, or a number or boolean as it is written.
   *
   * @param replacing whether half a surrogate pair becomes U+FFFD; else it becomes three bytes that
   *     are no UTF-8
   */
  void append(int field, boolean replacing, ByteBuilder out);
}
