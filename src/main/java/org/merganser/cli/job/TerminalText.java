package org.merganser.cli.job;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.RunException;
import org.merganser.text.unicode.Utf8;

/** Text for a person's eyes. */
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
