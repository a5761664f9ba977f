package org.merganser.cli.terminal;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.text.unicode.Utf8;

/** Makes text readable for people; {@link TerminalWriter} makes it safe. */
public final class TerminalText {
  /** The maximum length of a message in UTF-16 characters. */
  private static final int LONGEST_MESSAGE = 8_000;

  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};

  private TerminalText() {}

  /** A message with foreign names and values, cut after {@value #LONGEST_MESSAGE} characters. */
  public static String message(String message) {
    if (message.length() <= LONGEST_MESSAGE) {
      return message;
    }
    boolean cutsPair = Character.isHighSurrogate(message.charAt(LONGEST_MESSAGE - 1));
    int end = cutsPair ? LONGEST_MESSAGE - 1 : LONGEST_MESSAGE;
    return Phrase.of(
        "%s… (%s)", message.substring(0, end), Plural.of(message.length() - end, "more character"));
  }

  /** A {@link #message} on one line, whatever the value: line ends and tabs are escaped as well. */
  public static String line(String value) {
    StringBuilder line = new StringBuilder();
    String message = message(value);
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      boolean isSafe = c != '\n' && c != '\t' && !TerminalWriter.steers(c);
      line.append(isSafe ? c : TerminalWriter.escape(c));
    }
    return line.toString();
  }

  /** The first {@code length} bytes as text; each ill-formed byte is {@code \\xNN}. */
  public static String lossless(byte[] bytes, int length) {
    StringBuilder shown = new StringBuilder(length);
    int from = 0;
    while (from < length) {
      int illFormed = Utf8.firstIllFormed(bytes, from, length);
      int to = illFormed < 0 ? length : illFormed;
      shown.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
      from = to;
      if (illFormed >= 0) {
        shown.append(String.format(Locale.ROOT, "\\x%02X", bytes[illFormed] & 0xFF));
        from++;
      }
    }
    return shown.toString();
  }

  /**
   * The bytes of a token as quoted text, in hex if they are not complete characters.
   *
   * @param bytes of the token, all of which are shown
   * @param token is shown for a token without bytes; null for an id without a token
   */
  public static String printable(byte[] bytes, @Nullable String token) {
    if (bytes.length == 0 && token != null) {
      return '"' + escaped(token) + '"';
    }
    return Utf8.firstIllFormed(bytes, 0, bytes.length) < 0
        ? '"' + escaped(new String(bytes, StandardCharsets.UTF_8)) + '"'
        : "bytes " + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes);
  }

  /** Text for a literal in quotes, as Java and JSON escape it. */
  private static String escaped(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> shown.append("\\n");
        case '\r' -> shown.append("\\r");
        case '\t' -> shown.append("\\t");
        case '"' -> shown.append("\\\"");
        case '\\' -> shown.append("\\\\");
        default -> shown.append(c);
      }
    }
    return shown.toString();
  }

  /**
   * A size in decimal units with one or two decimals, such as {@code 3.14 MB} or {@code 31.4 kB};
   * below 1000 in bytes.
   */
  public static String bytes(long count) {
    if (count < 1000) {
      return count + " B";
    }
    double value = count / 1000.0;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) { // nearly 1 of the next unit
      value /= 1000;
      unit++;
    }
    return Phrase.of(value < 10 ? "%.2f %s" : "%.1f %s", value, UNITS[unit]);
  }
}
