package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.KeptField;
import org.merganser.text.unicode.Utf8;

/** Converts the value of a kept field to the type of its column, as in {@code Document.kept}. */
final class KeptValue {
  /** An integer in a cell of CSV; Java accepts digits of other scripts, too. */
  private static final Pattern CELL_INTEGER = Pattern.compile("[+-]?[0-9]+");

  /** A double in a cell of CSV; Java accepts further spellings, such as 5d. */
  private static final Pattern CELL_DOUBLE = Pattern.compile("[0-9eE.+-]+");

  private KeptValue() {}

  /**
   * Converts a value of a format with types.
   *
   * @param value as it is written, a string without quotes and escapes
   * @param kind of the value
   * @return null if the value is not of the type
   */
  static @Nullable Object ofTyped(ByteBuilder value, FieldValues.Kind kind, KeptField.Type type) {
    boolean isNumber = kind == FieldValues.Kind.NUMBER;
    return switch (type) {
      case STRING -> wellFormed(value);
      case INTEGER -> isNumber ? parseLong(asString(value)) : null;
      case DOUBLE -> isNumber ? parseDouble(asString(value)) : null;
      case BOOLEAN -> kind == FieldValues.Kind.BOOLEAN ? parseBoolean(asString(value)) : null;
    };
  }

  /** Converts a value of a format without types; null if it is not spelled as the type. */
  static @Nullable Object ofText(ByteBuilder value, KeptField.Type type) {
    String written = asString(value);
    return switch (type) {
      case STRING -> wellFormed(value);
      case INTEGER -> CELL_INTEGER.matcher(written).matches() ? parseLong(written) : null;
      case DOUBLE -> CELL_DOUBLE.matcher(written).matches() ? parseDouble(written) : null;
      case BOOLEAN -> parseBoolean(written);
    };
  }

  /** The number; null for a fraction, and for one that exceeds a long. */
  private static @Nullable Long parseLong(String written) {
    try {
      return Long.valueOf(written);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * The number; null for none, and for an infinite one, as JSON has numbers that exceed a double.
   */
  private static @Nullable Double parseDouble(String written) {
    try {
      Double number = Double.valueOf(written);
      return number.isInfinite() ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Boolean parseBoolean(String written) {
    return switch (written) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  /** The bytes of the value, with U+FFFD in place of ill-formed parts. */
  private static byte[] wellFormed(ByteBuilder value) {
    if (Utf8.firstIllFormed(value.bytes(), 0, value.length()) < 0) {
      return Arrays.copyOf(value.bytes(), value.length());
    }
    ByteBuilder replaced = new ByteBuilder(value.length() + 16);
    Utf8.replaceIllFormed(value.bytes(), 0, value.length(), replaced);
    return replaced.toByteArray();
  }

  private static String asString(ByteBuilder value) {
    return new String(value.bytes(), 0, value.length(), UTF_8);
  }
}
