package org.merganser.corpus.decode;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;

/**
 * Decodes bzip2, all streams. Bytes are read one at a time, as the library produces them, so that a
 * failure drops none. A block (up to 900 kB) has a checksum, which the library compares after the
 * block's last byte, and a stream has one over its blocks. The library reads stored bytes only at
 * the start of a block, so a read of stored bytes shows the end of the block before.
 */
final class Bzip2Input extends MemberDecoder {
  /** The message of the library if the checksum over a stream, not that over a block, is wrong. */
  private static final String WRONG_STREAM_CHECKSUM = "BZip2 CRC error";

  private final PushbackInputStream in;

  /** The number of streams that were begun. */
  private long streams;

  /** The number of stored bytes of the streams before the open one. */
  private long storedBefore;

  /** The number of decoded bytes of the streams before the open one. */
  private long decodedBefore;

  /** The open stream; null before the first one and between two. */
  private @Nullable BZip2CompressorInputStream stream;

  /** The failure after bytes that were returned; the next call throws it. */
  private @Nullable IOException failure;

  Bzip2Input(InputStream stored) {
    in = new PushbackInputStream(new BufferedInputStream(stored, 1 << 16));
  }

  @Override
  int decode(byte[] to, int at, int length) throws IOException {
    IOException earlier = failure;
    if (earlier != null) {
      throw earlier;
    }
    int n = 0;
    long storedRead = 0; // by the open stream, before it produced its last byte
    try {
      while (n < length) {
        BZip2CompressorInputStream open = stream;
        if (open == null) {
          open = nextStream();
          if (open == null) {
            return n == 0 ? -1 : n;
          }
          stream = open;
          decodedBefore = decoded() + n;
        }
        storedRead = open.getCompressedCount();
        int b = open.read();
        if (open.getCompressedCount() != storedRead) {
          markProved(n); // the block before is complete
          markUsed(storedBefore + open.getCompressedCount());
        }
        if (b < 0) {
          storedBefore += open.getCompressedCount();
          stream = null;
        } else {
          to[at + n++] = (byte) b;
        }
      }
      return n;
    } catch (IOException | RuntimeException e) {
      if (stream != null && stream.getCompressedCount() != storedRead) {
        // The block before is complete, and its checksum was right, unless that over all blocks of
        // the stream is wrong: then no byte of the stream is proved.
        markProved(WRONG_STREAM_CHECKSUM.equals(e.getMessage()) ? decodedBefore - decoded() : n);
      }
      return afterFailure(e, n);
    }
  }

  /**
   * Returns the number of bytes decoded before a failure, which the next call throws; throws it if
   * 0.
   */
  private int afterFailure(Exception e, int decoded) throws IOException {
    // The library also throws unchecked exceptions on damaged data.
    IOException failed = e instanceof IOException io ? io : new IOException(e);
    if (decoded == 0) {
      throw failed;
    }
    failure = failed;
    return decoded;
  }

  /** The next stream; null at the end of the file. */
  private @Nullable BZip2CompressorInputStream nextStream() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    if (first != 'B') {
      throw new DamagedStreamException(
          Reason.CORRUPT, "bzip2 stream " + streams + " is followed by other bytes");
    }
    in.unread(first);
    streams++;
    markUsed(storedBefore);
    return new BZip2CompressorInputStream(in, false);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
