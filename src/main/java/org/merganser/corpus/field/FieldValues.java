package org.merganser.corpus.field;

import org.merganser.binary.ByteBuilder;

/** The values of some fields of one record, numbered in the order of the paths that were wanted. */
public interface FieldValues {
  /** What a field of a record has; its text is for messages. */
  enum Kind {
    MISSING("nothing"),
    NULL("null"),
    STRING("a string"),
    NUMBER("a number"),
    BOOLEAN("a boolean"),
    OBJECT("an object"),
    ARRAY("a list");

    private final String phrase;

    Kind(String phrase) {
      this.phrase = phrase;
    }

    @Override
    public String toString() {
      return phrase;
    }
  }

  /** What a field of the record has. */
  Kind kind(int field);

  /**
   * Whether the format has types of values. If not, each value is a string, which is parsed as a
   * type where one is wanted, and an empty string counts as no value.
   */
  default boolean areTyped() {
    return true;
  }

  /**
   * Appends the value of a field that is neither missing nor null: a string without quotes and
   * escapes, any other value as it is written.
   */
  void append(int field, ByteBuilder out);
}
