package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.decode.DamagedStreamException;

/**
 * The bytes of a stream that were read and not yet released, in one array. Places are offsets in
 * the (uncompressed) file; {@link #index} converts them to array indices, which are valid until the
 * next {@link #more}. The array grows to the maximum of bytes held at once.
 */
final class ByteWindow {
  private static final int SMALL = 1 << 18;

  /** The size of a read: the JDK keeps a direct buffer of that size for each thread. */
  private static final int CHUNK = 1 << 18;

  /** A larger array is released after its file. */
  private static final int KEPT = 1 << 25;

  private byte[] bytes = new byte[SMALL];
  private int from;
  private int limit;
  private long base;
  private boolean ended;
  private @Nullable InputStream in;
  private @Nullable DamagedStreamException damage;

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

  private void makeRoom() {
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, limit - from);
      base += from;
      limit -= from;
      from = 0;
    }
    if (limit > bytes.length / 2) {
      if (bytes.length == Integer.MAX_VALUE - 16) {
        throw new OutOfMemoryError("a record of 2 GiB does not fit one array");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * bytes.length));
    }
  }

  /** Forgets everything before a place. */
  void release(long before) {
    from = Math.max(from, index(before));
  }

  byte[] bytes() {
    return bytes;
  }

  int index(long place) {
    return (int) (place - base);
  }

  long limit() {
    return base + limit;
  }

  boolean ended() {
    return ended;
  }

  @Nullable DamagedStreamException damage() {
    return damage;
  }
}
