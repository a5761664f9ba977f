package org.merganser.cli.job;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.RunException;
import org.merganser.text.unicode.Utf8;

/** Makes text safe and readable for people. */
public final class TerminalText {
  private TerminalText() {}

  /**
   * @throws RunException naming the offset of the first byte that is not UTF-8
   */
  public static void requireUtf8(byte[] text, String what) {
    int bad = Utf8.firstIllFormed(text, 0, text.length);
    if (bad >= 0) {
      throw new RunException(
          String.format(
              "%s is not UTF-8: byte 0x%02X at offset %d; convert it first, or put it into a file"
                  + " and use encode with corpus.invalidUtf8",
              what, text[bad] & 0xFF, bad));
    }
  }

  /** The most characters of a message; a longer message is cut. */
  private static final int LONGEST = 8_000;

  /**
   * Makes a message with foreign names and values safe to print. Control characters, which could
   * steer a terminal, are escaped, except line ends and tabs; a message of more than 8,000
   * characters is cut.
   */
  public static String safe(String message) {
    int end = message.length();
    if (end > LONGEST) {
      end = LONGEST - (Character.isHighSurrogate(message.charAt(LONGEST - 1)) ? 1 : 0);
    }
    StringBuilder safe = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        safe.append(String.format("\\u%04X", (int) c));
      } else {
        safe.append(c);
      }
    }
    if (end < message.length()) {
      safe.append("… (").append(message.length() - end).append(" more characters)");
    }
    return safe.toString();
  }

  /**
   * The first bytes as text: bytes that are not UTF-8 as {@code \\xNN}; control characters, except
   * line ends and tabs, as {@code \\u00NN}.
   */
  public static String lossless(byte[] bytes, int length) {
    StringBuilder shown = new StringBuilder(length);
    int from = 0;
    while (from < length) {
      int bad = Utf8.firstIllFormed(bytes, from, length);
      int to = bad < 0 ? length : bad;
      new String(bytes, from, to - from, StandardCharsets.UTF_8)
          .chars()
          .forEach(
              c ->
                  shown.append(
                      Character.isISOControl(c) && c != '\n' && c != '\t'
                          ? String.format("\\u%04X", c)
                          : String.valueOf((char) c)));
      if (bad >= 0) {
        shown.append(String.format("\\x%02X", bytes[bad] & 0xFF));
      }
      from = to + 1;
    }
    return shown.toString();
  }

  /** Quotes an argument of a command line so that a shell takes it as it is. */
  public static String argument(String value) {
    return value.matches("[A-Za-z0-9_@%+=:,./-]+")
        ? value
        : "'" + value.replace("'", "'\\''") + "'";
  }

  /** The bytes as quoted text, in hex where they are not whole characters. */
  public static String printable(byte[] bytes, @Nullable String token) {
    if (bytes.length == 0 && token != null) {
      return '"' + token + '"';
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return '"' + escaped(text) + '"';
    } catch (CharacterCodingException e) {
      return "bytes " + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes);
    }
  }

  private static String escaped(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                case '"' -> shown.append("\\\"");
                case '\\' -> shown.append("\\\\");
                default -> {
                  if (Character.isISOControl(c)) {
                    shown.append(String.format("\\u%04X", c));
                  } else {
                    shown.appendCodePoint(c);
                  }
                }
              }
            });
    return shown.toString();
  }
}
