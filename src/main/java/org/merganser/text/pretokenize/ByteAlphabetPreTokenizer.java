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
  private final ByteBuilder written = new ByteBuilder(64);

  /** The byte that each offset of the written characters comes from, and the end. */
  private int[] origins = new int[64];

  private final PretokenBatch batch = new PretokenBatch();

  ByteAlphabetPreTokenizer(PreTokenizer components) {
    this.components = components;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    written.clear();
    written.ensure(2 * (to - from));
    if (origins.length <= 2 * (to - from)) {
      origins = Arrays.copyOf(origins, 2 * (to - from) + 1);
    }
    for (int i = from; i < to; i++) {
      origins[written.length()] = i;
      written.appendCodePoint(ByteAlphabet.toChar(text[i] & 0xFF));
    }
    origins[written.length()] = to;
    batch.open(text, sink);
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
}
