package org.merganser.corpus.decode;

import java.io.Closeable;
import java.io.IOException;

/**
 * Decodes all members (streams, frames) of a compressed file, and records how far the checks of the
 * format have succeeded. A valid file ends between two members.
 */
abstract class MemberDecoder implements Closeable {
  private long decoded;
  private long proved;
  private long used = -1;

  /**
   * Decodes some bytes; a failure drops none that were decoded before it.
   *
   * @param length above 0
   * @return how many, at least one; -1 at the end of the file
   */
  final int read(byte[] to, int at, int length) throws IOException {
    int n = decode(to, at, length);
    decoded += Math.max(n, 0);
    return n;
  }

  /** Decodes like {@link #read}; {@link #decoded} does not count these bytes yet. */
  abstract int decode(byte[] to, int at, int length) throws IOException;

  /**
   * Records that checks succeeded for all decoded bytes and {@code more} further ones; if negative,
   * for all but that many.
   */
  final void prove(long more) {
    proved = decoded + more;
  }

  /** Records the number of stored bytes that the decoded bytes come from. */
  final void use(long stored) {
    used = stored;
  }

  /**
   * The stored bytes that the decoded ones come from; -1 if a decoder decodes up to the last byte
   * of a truncated file.
   */
  final long used() {
    return used;
  }

  /** The bytes returned so far. */
  final long decoded() {
    return decoded;
  }

  /**
   * How many bytes, of those returned so far, are in members or blocks that passed their checks.
   */
  final long proved() {
    return proved;
  }
}
