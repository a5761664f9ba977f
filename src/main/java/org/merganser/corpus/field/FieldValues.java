package org.merganser.corpus.field;

import org.merganser.binary.ByteBuilder;

/** The values of a record's fields, numbered by {@link RecordFields#paths}. */
public interface FieldValues {
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

  Kind kind(int field);

  void append(int field, ByteBuilder out);
}
