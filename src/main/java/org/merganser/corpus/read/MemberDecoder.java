package org.merganser.corpus.read;

import java.io.Closeable;
import java.io.IOException;

/**
 * Decodes a compressed file, all of its members (streams, frames) one after the other, and knows up
 * to where the checks of the format have held. The end of the file counts only between two members.
 */
abstract class MemberDecoder implements Closeable {
  private long decoded;
  private long proved;

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

  /** What {@link #read} gives; {@link #decoded} does not count these bytes yet. */
  abstract int decode(byte[] to, int at, int length) throws IOException;

  /** Notes that the checks have held for all bytes that were decoded, and {@code more}. */
  final void prove(int more) {
    proved = decoded + more;
  }

  /** Bytes that were handed out. */
  final long decoded() {
    return decoded;
  }

  /** Bytes that were handed out and belong to members, or blocks, whose check has held. */
  final long proved() {
    return proved;
  }
}
