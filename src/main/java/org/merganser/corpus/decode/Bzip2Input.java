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
  private final PushbackInputStream in;
  private long streams;

  /** The stored bytes of the streams that ended. */
  private long ended;

  private long begin;

  private @Nullable BZip2CompressorInputStream stream;

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
    long before = 0;
    try {
      while (n < length) {
        BZip2CompressorInputStream open = stream;
        if (open == null) {
          open = next();
          if (open == null) {
            return n == 0 ? -1 : n;
          }
          stream = open;
          begin = decoded() + n;
        }
        before = open.getCompressedCount();
        int b = open.read();
        if (open.getCompressedCount() != before) {
          prove(n); // the block before is complete
          use(ended + open.getCompressedCount());
        }
        if (b < 0) {
          ended += open.getCompressedCount();
          stream = null;
        } else {
          to[at + n++] = (byte) b;
        }
      }
      return n;
    } catch (IOException | RuntimeException e) {
      if (stream != null && stream.getCompressedCount() != before) {
        // The next block fails, or else the checksum of the stream.
        prove("BZip2 CRC error".equals(e.getMessage()) ? begin - decoded() : n);
      }
      // The library also throws unchecked exceptions on damaged data.
      IOException failed = e instanceof IOException io ? io : new IOException(e);
      if (n == 0) {
        throw failed;
      }
      failure = failed;
      return n;
    }
  }

  /** The next stream; null at the end of the file. */
  private @Nullable BZip2CompressorInputStream next() throws IOException {
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
    use(ended);
    return new BZip2CompressorInputStream(in, false);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
