package org.merganser.corpus.decode;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.merganser.corpus.DeadLetter.Reason;

/**
 * Decodes zstd (RFC 8878), all frames. The streams of zstd-jni take the end of the file for the end
 * of the data if a frame ended before it in the same read; its context reports the end of a frame
 * after each call.
 */
final class ZstdInput extends MemberDecoder {
  private final InputStream stored;
  private final byte[] input = new byte[1 << 16];

  /** The stored bytes that are not decoded; direct, as the library takes no other buffer. */
  private final ByteBuffer source = ByteBuffer.allocateDirect(input.length).limit(0);

  private final ByteBuffer target = ByteBuffer.allocateDirect(DecodedInput.PIECE);
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  /** The number of frames that were begun. */
  private long frames;

  /** Whether a frame was begun and has not ended. */
  private boolean inFrame;

  ZstdInput(InputStream stored) {
    this.stored = stored;
  }

  @Override
  int decode(byte[] to, int at, int length) throws IOException {
    int n = 0;
    while (n == 0) {
      if (!inFrame) {
        if (!source.hasRemaining() && !fill()) {
          return -1;
        }
        frames++;
        inFrame = true;
      }
      target.clear().limit(Math.min(length, target.capacity()));
      boolean ended = decompress();
      n = target.position();
      if (ended) {
        markProved(n);
        inFrame = false;
      } else if (n == 0 && !source.hasRemaining() && !fill()) {
        throw new DamagedStreamException(
            Reason.TRUNCATED, "zstd frame " + frames + " ends too early");
      }
    }
    target.flip().get(to, at, n);
    return n;
  }

  /** Decodes some bytes; returns whether a frame ended. */
  private boolean decompress() throws IOException {
    try {
      return context.decompressDirectByteBufferStream(target, source);
    } catch (ZstdException e) {
      if (frames > 1 && e.getErrorCode() == Zstd.errPrefixUnknown()) {
        throw new DamagedStreamException(
            Reason.CORRUPT, "zstd frame " + (frames - 1) + " is followed by other bytes");
      }
      throw e;
    }
  }

  /** Reads further stored bytes; false at the end of the file. */
  private boolean fill() throws IOException {
    int n = stored.read(input, 0, input.length);
    source.clear().put(input, 0, Math.max(n, 0)).flip();
    return n > 0;
  }

  @Override
  public void close() {
    context.close();
  }
}
