package org.merganser.corpus;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field, such as {@code url} or {@code meta.url}, whose values are stored in a column of shards.
 */
public record KeptField(String path, Type type) implements Serializable {
  private static final Pattern TYPED =
      Pattern.compile("(.+):(string|integer|double|boolean)", Pattern.DOTALL);

  /** The type of the column. */
  public enum Type {
    /** Text; a number or boolean as it is written; a nested value as JSON. */
    STRING,
    /** 64 bits, signed. */
    INTEGER,
    /** 64 bits; a value that is too large for it is refused. */
    DOUBLE,
    BOOLEAN
  }

  /** The field that a job names: {@code score:double}, or {@code url} for strings. */
  public static KeptField of(String named) {
    Matcher typed = TYPED.matcher(named);
    return typed.matches()
        ? new KeptField(typed.group(1), Type.valueOf(typed.group(2).toUpperCase(Locale.ROOT)))
        : new KeptField(named, Type.STRING);
  }

  /** The name of its column, with underscores for dots, which separate names of columns. */
  public String column() {
    return path.replace('.', '_');
  }
}
