package org.merganser.layout;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * One zstd frame whose header says how many bytes it holds: what decompresses a file at once, as
 * MosaicML streaming does, needs to know. Memory is a buffer's, whatever the size.
 */
final class ZstdFrameOutput extends OutputStream {
  private static final int BUFFER_BYTES = 1 << 17;

  private final OutputStream out;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final ByteBuffer raw = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final byte[] written = new byte[BUFFER_BYTES];

  /**
   * @param size of all that will be written, in bytes; another number of bytes fails
   * @param level as zstd counts them
   */
  ZstdFrameOutput(OutputStream out, long size, int level) {
    this.out = out;
    zstd.setLevel(level);
    zstd.setPledgedSrcSize(size);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = offset; at < offset + length; ) {
      int now = Math.min(raw.remaining(), offset + length - at);
      raw.put(bytes, at, now);
      at += now;
      if (!raw.hasRemaining()) {
        compress(EndDirective.CONTINUE);
      }
    }
  }

  private void compress(EndDirective directive) throws IOException {
    raw.flip();
    boolean done = false;
    while (!done) {
      boolean flushed = zstd.compressDirectByteBufferStream(compressed, raw, directive);
      compressed.flip();
      int size = compressed.remaining();
      compressed.get(written, 0, size);
      out.write(written, 0, size);
      compressed.clear();
      done = directive == EndDirective.END ? flushed : !raw.hasRemaining();
    }
    raw.clear();
  }

  /** Ends the frame. */
  @Override
  public void close() throws IOException {
    try (out;
        zstd) {
      compress(EndDirective.END);
    }
  }
}
