package org.merganser.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A text that grows token by token, given out in whole characters: a token may end within one,
 * whose bytes wait for the rest. What can never become a character is U+FFFD.
 */
final class CharacterStream {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] text = new byte[0];
  private int given;

  /**
   * @param given bytes of the text that were shown before
   */
  CharacterStream(int given) {
    this.given = given;
  }

  /** The whole characters that are new in {@code longer}, which begins as the text did before. */
  String more(byte[] longer) {
    text = longer;
    return decode(false);
  }

  /** What the last bytes are when nothing follows them. */
  String rest() {
    return decode(true);
  }

  private String decode(boolean end) {
    int from = Math.min(given, text.length);
    ByteBuffer in = ByteBuffer.wrap(text, from, text.length - from);
    CharBuffer out = CharBuffer.allocate(text.length - from + 1);
    decoder.reset();
    decoder.decode(in, out, end);
    given = in.position();
    return out.flip().toString();
  }
}
