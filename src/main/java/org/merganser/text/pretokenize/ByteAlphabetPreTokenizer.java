package org.merganser.text.pretokenize;

import java.util.Arrays;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.ByteAlphabet;

/**
 * Runs the components after a ByteLevel in a Sequence (such as Falcon's Digits and Split). They see
 * the characters that HF writes for bytes, so that byte 0xB2 is the digit "²" to them; their cuts
 * are then mapped to the bytes.
 */
final class ByteAlphabetPreTokenizer implements PreTokenizer {
  private final PreTokenizer components;

  /** The characters that HF writes for the bytes of the text. */
  private final ByteBuilder written = new ByteBuilder(64);

  /**
   * By offset of a character in {@link #written}, the place of its byte in the text. At the offset
   * after the last character it has the end of the text.
   */
  private int[] origins = new int[64];

  private final PretokenBatch batch = new PretokenBatch();

  ByteAlphabetPreTokenizer(PreTokenizer components) {
    this.components = components;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    write(text, from, to);
    batch.open(text, sink);
    // The components rewrite no text (PreTokenizerFactory), so all pieces are in these characters.
    components.split(
        written.bytes(),
        0,
        written.length(),
        first,
        (pieces, start, ends, count) -> {
          int pieceStart = start;
          for (int i = 0; i < count; i++) {
            batch.add(origins[pieceStart], origins[ends[i]]);
            pieceStart = ends[i];
          }
        });
    batch.flush();
  }

  /** Fills {@link #written} and {@link #origins} from {@code text[from, to)}. */
  private void write(byte[] text, int from, int to) {
    int longest = 2 * (to - from); // a character of the alphabet has at most two bytes
    written.clear();
    written.ensure(longest);
    if (origins.length <= longest) {
      origins = Arrays.copyOf(origins, longest + 1);
    }
    for (int i = from; i < to; i++) {
      origins[written.length()] = i;
      written.appendCodePoint(ByteAlphabet.toChar(text[i] & 0xFF));
    }
    origins[written.length()] = to;
  }
}
