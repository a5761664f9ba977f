package org.merganser.corpus.field;

import org.merganser.text.unicode.ByteBuilder;

/** The text of a JSON string from its bytes. */
final class JsonText {
  private static final int REPLACEMENT = 0xFFFD;

  private JsonText() {}

  /**
   * Appends the text of {@code json[from, to)}, the inside of a well-formed JSON string. A
   * surrogate escape without its other half becomes U+FFFD, or else the three bytes that encode the
   * surrogate, which are ill-formed UTF-8, so that a check of the text finds them.
   */
  static void unescape(byte[] json, int from, int to, boolean replaceLone, ByteBuilder out) {
    int p = from;
    while (p < to) {
      int run = ByteSearch.indexOf(json, p, to, (byte) '\\');
      int end = run < 0 ? to : run;
      out.append(json, p, end);
      p = end;
      while (p < to && json[p] == '\\') {
        byte c = json[p + 1];
        if (c != 'u') {
          out.append(simple(c));
          p += 2;
          continue;
        }
        int unit = unit(json, p);
        p += 6;
        if (Character.isHighSurrogate((char) unit)
            && p + 6 <= to
            && json[p] == '\\'
            && json[p + 1] == 'u'
            && Character.isLowSurrogate((char) unit(json, p))) {
          out.appendCodePoint(Character.toCodePoint((char) unit, (char) unit(json, p)));
          p += 6;
        } else if (Character.isSurrogate((char) unit) && replaceLone) {
          out.appendCodePoint(REPLACEMENT);
        } else {
          out.appendCodePoint(unit);
        }
      }
    }
  }

  private static byte simple(byte c) {
    return (byte)
        switch (c) {
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          default -> c;
        };
  }

  private static int unit(byte[] json, int p) {
    return hex(json[p + 2]) << 12
        | hex(json[p + 3]) << 8
        | hex(json[p + 4]) << 4
        | hex(json[p + 5]);
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }
}
