package org.merganser.report.measure;

import java.util.Arrays;
import org.merganser.bpe.IdBuffer;

/** A document's ids back as text, with the places where its tokens end. Reused; for one thread. */
final class DecodedText {
  private final TokenBytes tokens;
  private byte[] text = new byte[1 << 12];
  private int[] ends = new int[1 << 10];
  private int length;
  private int count;

  DecodedText(TokenBytes tokens) {
    this.tokens = tokens;
  }

  /** Takes {@code ids[from, to)}; special tokens are no text and are left out. */
  void set(int[] ids, int from, int to) {
    length = 0;
    count = 0;
    append(ids, from, to);
  }

  /** Takes {@code ids[from, to)} behind what is there. */
  void append(int[] ids, int from, int to) {
    if (ends.length < count + to - from) {
      ends = Arrays.copyOf(ends, Math.max(count + to - from, 2 * ends.length));
    }
    for (int i = from; i < to; i++) {
      if (tokens.isSpecial(ids[i])) {
        continue;
      }
      int needed = Math.addExact(length, tokens.length(ids[i]));
      if (needed > text.length) {
        text = Arrays.copyOf(text, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * needed));
      }
      length = tokens.copy(ids[i], text, length);
      ends[count++] = length;
    }
  }

  /** Whether {@code found} are {@code ids[from, to)}, special ones left out. */
  boolean hasIds(IdBuffer found, int[] ids, int from, int to) {
    int at = 0;
    for (int i = from; i < to; i++) {
      if (!tokens.isSpecial(ids[i]) && (at == found.size() || found.ids()[at++] != ids[i])) {
        return false;
      }
    }
    return at == found.size();
  }

  byte[] text() {
    return text;
  }

  int length() {
    return length;
  }

  /** Tokens of text. */
  int count() {
    return count;
  }

  /** Where token {@code i} begins in the text. */
  int begin(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** Where token {@code i} ends in the text. */
  int end(int i) {
    return ends[i];
  }
}
