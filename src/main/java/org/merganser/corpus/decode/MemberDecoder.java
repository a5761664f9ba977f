package org.merganser.corpus.decode;

import java.io.Closeable;
import java.io.IOException;

/**
 * Decodes all members (streams, frames) of a compressed file, and records how far the checks of the
 * format have succeeded. A valid file ends between two members.
 */
abstract class MemberDecoder implements Closeable {
  /** As {@link #decoded()}. */
  private long decoded;

  /** As {@link #proved()}. */
  private long proved;

  /** As {@link #used()}. */
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

  /** Decodes like {@link #read}; {@link #decoded} counts these bytes only after this method. */
  abstract int decode(byte[] to, int at, int length) throws IOException;

  /**
   * Records that checks have succeeded up to a byte.
   *
   * @param more the number of bytes after the {@link #decoded} ones that are proved, too; if
   *     negative, so many of the decoded ones are not proved
   */
  final void markProved(long more) {
    proved = decoded + more;
  }

  /** Records the number of stored bytes that the decoded bytes come from: {@link #used}. */
  final void markUsed(long stored) {
    used = stored;
  }

  /**
   * The number of stored bytes that the decoded ones come from; -1 if the decoder does not count
   * them, since it decodes up to the last byte of a truncated file.
   */
  final long used() {
    return used;
  }

  /** The number of bytes that {@link #read} has returned so far. */
  final long decoded() {
    return decoded;
  }

  /**
   * The number of decoded bytes before the first one that is not in a member or block whose checks
   * have succeeded; during {@link #decode} it may include bytes that are returned next.
   */
  final long proved() {
    return proved;
  }
}
