package org.merganser.corpus.decode;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decodes a compressed file, all of its members (streams, frames) one after the other, and knows
 * how far the checks of the format have succeeded. The file may end only between two members.
 */
abstract class MemberDecoder implements Closeable {
  private long decoded;
  private long proved;
  private long used = -1;

  /** Counts the stored bytes that a decoder takes. */
  static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      int n = in.read(to, at, length);
      count += Math.max(n, 0);
      return n;
    }

    long count() {
      return count;
    }
  }

  /**
   * Decodes some bytes; a failure loses none that were decoded before it.
   *
   * @param length above 0
   * @return how many, at least one; -1 at the end of the file
   */
  final int read(byte[] to, int at, int length) throws IOException {
    int n = decode(to, at, length);
    decoded += Math.max(n, 0);
    return n;
  }

  /** Decodes as {@link #read} does; {@link #decoded} does not count these bytes yet. */
  abstract int decode(byte[] to, int at, int length) throws IOException;

  /**
   * Notes that the checks succeeded for all decoded bytes and {@code more} further ones; below 0:
   * for all but so many.
   */
  final void prove(long more) {
    proved = decoded + more;
  }

  /** Sets from how many stored bytes the decoded bytes come. */
  final void use(long stored) {
    used = stored;
  }

  /**
   * The stored bytes that the decoded ones come from; -1 for a decoder that decodes up to the last
   * byte of a file that is cut.
   */
  final long used() {
    return used;
  }

  /** Bytes that were handed out. */
  final long decoded() {
    return decoded;
  }

  /** Bytes that were handed out and belong to members, or blocks, whose check succeeded. */
  final long proved() {
    return proved;
  }
}
