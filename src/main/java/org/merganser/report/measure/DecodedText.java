package org.merganser.report.measure;

import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;

/**
 * The decoded text of an excerpt, with the places where its tokens end. {@link #set} replaces it by
 * that of the next one. Not thread-safe.
 */
final class DecodedText {
  private final TokenBytes tokens;
  private final ByteBuilder text = new ByteBuilder(1 << 12);

  /** By token, where it ends in the text. */
  private int[] ends = new int[1 << 10];

  /** The number of tokens of the text. */
  private int count;

  DecodedText(TokenBytes tokens) {
    this.tokens = tokens;
  }

  /**
   * Decodes ids, without special tokens.
   *
   * @throws OutOfMemoryError if no array has room for their text
   */
  void set(int[] ids) {
    text.clear();
    count = 0;
    if (ends.length < ids.length) {
      ends = new int[Math.max(ids.length, 2 * ends.length)];
    }
    for (int id : ids) {
      if (!tokens.isSpecial(id)) {
        tokens.appendTo(text, id);
        ends[count++] = text.length();
      }
    }
  }

  /** Whether {@code found} equals {@code ids} without special tokens. */
  boolean equalsWithoutSpecial(IdBuffer found, int[] ids) {
    int at = 0;
    for (int id : ids) {
      if (tokens.isSpecial(id)) {
        continue;
      }
      if (at == found.size() || found.ids()[at] != id) {
        return false;
      }
      at++;
    }
    return at == found.size();
  }

  /** The text, in the first {@link #length} bytes of an array that is reused. */
  byte[] text() {
    return text.bytes();
  }

  /** The number of bytes of the text. */
  int length() {
    return text.length();
  }

  /** The number of tokens of the text. */
  int count() {
    return count;
  }

  /** Where a token of 0 to {@link #count} − 1 begins in the text. */
  int begin(int token) {
    return token == 0 ? 0 : ends[token - 1];
  }

  /** Where a token ends in the text. */
  int end(int token) {
    return ends[token];
  }
}
