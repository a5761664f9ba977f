package org.merganser.report.measure;

import java.util.Arrays;
import org.merganser.bpe.IdBuffer;

/**
 * The decoded text of a document, with the places where its tokens end. Reused; not thread-safe.
 */
final class DecodedText {
  private final TokenBytes tokens;
  private byte[] text = new byte[1 << 12];
  private int[] ends = new int[1 << 10];
  private int length;
  private int count;

  DecodedText(TokenBytes tokens) {
    this.tokens = tokens;
  }

  /** Decodes a document's ids, without special tokens. */
  void set(int[] ids) {
    length = 0;
    count = 0;
    if (ends.length < ids.length) {
      ends = new int[Math.max(ids.length, 2 * ends.length)];
    }
    for (int id : ids) {
      if (tokens.isSpecial(id)) {
        continue;
      }
      int needed = Math.addExact(length, tokens.length(id));
      if (needed > text.length) {
        text = Arrays.copyOf(text, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * needed));
      }
      length = tokens.copy(id, text, length);
      ends[count++] = length;
    }
  }

  boolean hasIds(IdBuffer found, int[] ids) {
    int at = 0;
    for (int id : ids) {
      if (!tokens.isSpecial(id) && (at == found.size() || found.ids()[at++] != id)) {
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

  int count() {
    return count;
  }

  int begin(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  int end(int i) {
    return ends[i];
  }
}
