package org.merganser.bpe.count;

import java.util.Arrays;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;

/**
 * The distinct pretokens of a {@link PretokenCounts} that are too long to be their own keys, with
 * indices from 0 in order of arrival. Not thread-safe.
 */
final class LongPretokens {
  /** The maximum length of an array. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  /** The pretokens back to back. */
  private final ByteBuilder bytes = new ByteBuilder(1 << 12);

  /** By index of a pretoken, where it ends in {@link #bytes}. */
  private final IdBuffer ends = new IdBuffer(1 << 7);

  /**
   * Adds {@code text[from, to)}, which is not among the pretokens; returns its index.
   *
   * @throws IllegalStateException if the pretokens do not fit one array
   */
  int add(byte[] text, int from, int to) {
    if ((long) bytes.length() + to - from > MAX_ARRAY) {
      throw new IllegalStateException(
          "distinct pretokens of 16 bytes and more take over 2 GiB; count in smaller units");
    }
    bytes.append(text, from, to);
    ends.add(bytes.length());
    return ends.size() - 1;
  }

  /** Whether {@code text[from, to)} is the pretoken at an index. */
  boolean isEqual(int index, byte[] text, int from, int to) {
    return Arrays.equals(bytes.bytes(), start(index), end(index), text, from, to);
  }

  /** The array of all pretokens; another one after an {@link #add} that makes it grow. */
  byte[] bytes() {
    return bytes.bytes();
  }

  /** Where a pretoken begins in {@link #bytes()}. */
  int start(int index) {
    return index == 0 ? 0 : ends.ids()[index - 1];
  }

  /** Where a pretoken ends in {@link #bytes()}. */
  int end(int index) {
    return ends.ids()[index];
  }
}
