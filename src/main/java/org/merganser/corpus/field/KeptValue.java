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
    if (type == KeptField.Type.STRING) {
      return wellFormed(value);
    }
    FieldValues.Kind needed =
        type == KeptField.Type.BOOLEAN ? FieldValues.Kind.BOOLEAN : FieldValues.Kind.NUMBER;
    return kind == needed ? parse(value, type) : null;
  }

  /** Converts a value of a format without types; null if it is not spelled as the type. */
  static @Nullable Object ofText(ByteBuilder value, KeptField.Type type) {
    if (type == KeptField.Type.STRING) {
      return wellFormed(value);
    }
    if (type == KeptField.Type.DOUBLE && !CELL_DOUBLE.matcher(asString(value)).matches()) {
      return null;
    }
    return parse(value, type);
  }

  /** The value parsed as an integer, a double or a boolean; null if it is none. */
  private static @Nullable Object parse(ByteBuilder value, KeptField.Type type) {
    String written = asString(value);
    try {
      return switch (type) {
        case INTEGER -> (Object) Long.parseLong(written);
        case DOUBLE -> finite(Double.parseDouble(written));
        case BOOLEAN -> parseBoolean(written);
        case STRING -> throw new IllegalArgumentException("a string is not parsed");
      };
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Object parseBoolean(String written) {
    return switch (written) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  /** The number; null for an infinite one, as JSON allows numbers that exceed a double. */
  private static @Nullable Object finite(double number) {
    return Double.isInfinite(number) ? null : number;
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
