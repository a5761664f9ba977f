package org.merganser.text;

/** Characters of well-formed UTF-8, read without a check. */
final class CodePoints {
  private CodePoints() {}

  /** The length of the character that begins with {@code lead}. */
  static int length(byte lead) {
    return lead >= 0 ? 1 : lead < (byte) 0xE0 ? 2 : lead < (byte) 0xF0 ? 3 : 4;
  }

  /** The code point that begins at {@code at}. */
  static int at(byte[] text, int at) {
    int lead = text[at];
    if (lead >= 0) {
      return lead;
    }
    if (lead < (byte) 0xE0) {
      return (lead & 0x1F) << 6 | text[at + 1] & 0x3F;
    }
    if (lead < (byte) 0xF0) {
      return (lead & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | text[at + 2] & 0x3F;
    }
    return (lead & 0x07) << 18
        | (text[at + 1] & 0x3F) << 12
        | (text[at + 2] & 0x3F) << 6
        | text[at + 3] & 0x3F;
  }

  /** The start of the character that ends at {@code at}. */
  static int before(byte[] text, int at) {
    int start = at - 1;
    while ((text[start] & 0xC0) == 0x80) {
      start--;
    }
    return start;
  }
}
