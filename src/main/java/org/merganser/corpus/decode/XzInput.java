package org.merganser.corpus.decode;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.SingleXZInputStream;

/** Decodes xz, all streams, with the padding between and after them. */
final class XzInput extends MemberDecoder {
  /** Reuses dictionaries, since many small streams may each declare a large one. */
  private static final ArrayCache DICTIONARIES = BasicArrayCache.getInstance();

  /** The padding after a stream has a multiple of as many bytes. */
  private static final int PADDING_UNIT = 4;

  /** Counts the stored bytes that were read. */
  private final BoundedInputStream counted;

  private final PushbackInputStream in;
  private final int memoryKib;

  /** The number of streams that were begun. */
  private long streams;

  /** The open stream; null before the first one and between two. */
  private @Nullable SingleXZInputStream stream;

  /**
   * @param memoryKib the most memory of the decoder, in KiB
   */
  XzInput(InputStream stored, int memoryKib) throws IOException {
    InputStream buffered = new BufferedInputStream(stored, 1 << 16);
    counted = BoundedInputStream.builder().setInputStream(buffered).get(); // without a bound
    in = new PushbackInputStream(counted);
    this.memoryKib = memoryKib;
  }

  @Override
  int decode(byte[] to, int at, int length) throws IOException {
    while (true) {
      SingleXZInputStream open = stream;
      if (open == null) {
        if (streams > 0 && endsAfterPadding()) {
          return -1;
        }
        markUsed(streams == 0 ? 0 : counted.getCount() - 1); // its first byte was peeked
        streams++;
        boolean verifiesChecks = true;
        open = new SingleXZInputStream(in, memoryKib, verifiesChecks, DICTIONARIES);
        stream = open;
      }
      // A read that ends with a chunk is independent of damage in the next one.
      int n = open.read(to, at, Math.min(Math.max(1, open.available()), length));
      if (n > 0) {
        markUsed(counted.getCount()); // a chunk is read completely before it is decoded
        return n;
      }
      markProved(0); // the stream ended, and its checks succeeded
      stream = null;
    }
  }

  /** Skips the padding after a stream; returns whether the file ends after it. */
  private boolean endsAfterPadding() throws IOException {
    long zeros = 0;
    int b = in.read();
    while (b == 0) {
      zeros++;
      b = in.read();
    }
    if (zeros % PADDING_UNIT != 0) {
      throw new DamagedStreamException(
          b < 0 ? Reason.TRUNCATED : Reason.CORRUPT,
          "the padding after xz stream " + streams + " has " + zeros + " bytes, no multiple of 4");
    }
    if (b < 0) {
      return true;
    }
    in.unread(b);
    return false;
  }

  @Override
  public void close() throws IOException {
    SingleXZInputStream open = stream;
    if (open != null) {
      open.close(false); // returns the dictionary to the cache
    }
    in.close();
  }
}
