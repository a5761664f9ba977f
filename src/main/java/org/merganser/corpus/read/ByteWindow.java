package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.decode.DamagedStreamException;

/**
 * The bytes of a stream that were read and not yet released, in one array. A place is an offset in
 * the (uncompressed) file, which may exceed an int; {@link #index} converts it to an index of the
 * array, which is valid until the next {@link #more}. The array doubles when more than half of it
 * is held.
 */
final class ByteWindow {
  /** The bytes of the array before it grows. */
  private static final int SMALL = 1 << 18;

  /** The size of a read: the JDK keeps a direct buffer of that size for each thread. */
  private static final int CHUNK = 1 << 18;

  /** A larger array is replaced by a small one when the next stream is opened. */
  private static final int KEPT = 1 << 25;

  /** The most bytes of an array in common JVMs. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

  private final int mostBytes;

  private byte[] bytes = new byte[SMALL];

  /** The index of the first byte that is not released. */
  private int from;

  /** The index after the last byte. */
  private int limit;

  /** The place of index 0. */
  private long base;

  private boolean ended;
  private @Nullable InputStream in;
  private @Nullable DamagedStreamException damage;

  ByteWindow() {
    this(MOST_BYTES);
  }

  /**
   * @param mostBytes the most bytes of the array, for tests
   */
  ByteWindow(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Begins a stream whose first byte is at {@code position} of its file. */
  void open(InputStream stream, long position) {
    if (bytes.length > KEPT) {
      bytes = new byte[SMALL];
    }
    in = stream;
    base = position;
    from = 0;
    limit = 0;
    ended = false;
    damage = null;
  }

  /** Reads more bytes; false at the end of the stream, or if damage ends it. */
  boolean more() throws IOException {
    if (ended || in == null) {
      return false;
    }
    if (limit == bytes.length) {
      makeRoom();
    }
    int n;
    try {
      n = in.read(bytes, limit, Math.min(CHUNK, bytes.length - limit));
    } catch (DamagedStreamException e) {
      damage = e;
      n = -1;
    }
    if (n <= 0) {
      ended = true;
      return false;
    }
    limit += n;
    return true;
  }

  /** Moves the bytes to the beginning of the array; doubles it if they fill more than half. */
  private void makeRoom() {
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, limit - from);
      base += from;
      limit -= from;
      from = 0;
    }
    if (limit > bytes.length / 2 && bytes.length < mostBytes) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(mostBytes, 2L * bytes.length));
    }
    if (limit == bytes.length) {
      throw new OutOfMemoryError("a record of 2 GiB does not fit one array");
    }
  }

  /** Forgets everything before a place. */
  void release(long before) {
    from = Math.max(from, index(before));
  }

  /** The array; valid until the next {@link #more}. */
  byte[] bytes() {
    return bytes;
  }

  /** The index of a place of the window in the array. */
  int index(long place) {
    return (int) (place - base);
  }

  /** The place of an index of the array. */
  long place(int index) {
    return base + index;
  }

  /** The place of the first byte that is not released. */
  long first() {
    return base + from;
  }

  /** The place after the last byte. */
  long limit() {
    return base + limit;
  }

  /** Whether the stream has ended, also by damage. */
  boolean ended() {
    return ended;
  }

  /** The damage that ended the stream; null if there is none so far. */
  @Nullable DamagedStreamException damage() {
    return damage;
  }
}
