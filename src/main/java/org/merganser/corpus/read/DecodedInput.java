package org.merganser.corpus.read;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DamagedStreamException;
import org.merganser.corpus.DeadLetter.Reason;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/**
 * The uncompressed bytes of a file. Whatever a decoder throws becomes a {@link
 * DamagedStreamException}; a failure to read the file itself stays an IOException.
 */
public final class DecodedInput extends InputStream {
  /**
   * The largest zstd window that is read: 2^27 bytes (128 MiB), the limit of the zstd program
   * without {@code --long} or {@code --memory}.
   */
  public static final int DEFAULT_WINDOW_LOG = 27;

  /** Of the xz decoder; its dictionary is 64 MiB at the highest level. */
  private static final int XZ_MEMORY_KIB = 256 * 1024;

  /** What a read that ends in an error decoded before is lost with some decoders: read little. */
  private static final int PIECE = 1 << 15;

  private final StoredInput stored;
  private final Compression compression;
  private final int windowLog;
  private @Nullable InputStream decoder;
  private long decoded;

  public DecodedInput(StoredInput stored, Compression compression, int windowLog) {
    this.stored = stored;
    this.compression = compression;
    this.windowLog = windowLog;
  }

  private InputStream open() throws IOException {
    return switch (compression) {
      case NONE -> stored;
      case GZIP -> new GzipInput(stored);
      case ZSTD -> {
        ZstdInputStreamNoFinalizer zstd =
            new ZstdInputStreamNoFinalizer(stored, RecyclingBufferPool.INSTANCE);
        zstd.setLongMax(windowLog);
        yield zstd;
      }
      case BZIP2 -> new BZip2CompressorInputStream(stored, true);
      case XZ -> new XZInputStream(stored, XZ_MEMORY_KIB);
    };
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int at, int length) throws IOException {
    if (compression == Compression.NONE) {
      return stored.read(to, at, length);
    }
    try {
      InputStream in = decoder;
      if (in == null) {
        in = open();
        decoder = in;
      }
      int n = in.read(to, at, Math.min(length, PIECE));
      decoded += Math.max(n, 0);
      return n;
    } catch (IOException | RuntimeException e) {
      // The decoders for bzip2 and xz also throw unchecked exceptions on damaged data.
      IOException failure = stored.failure();
      if (failure != null) {
        throw failure;
      }
      throw damaged(e);
    }
  }

  private DamagedStreamException damaged(Exception e) {
    if (e instanceof DamagedStreamException known) {
      return new DamagedStreamException(known.reason(), known.detail() + after());
    }
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    String name = compression.name().toLowerCase(Locale.ROOT);
    if (e instanceof MemoryLimitException || message.contains("too much memory")) {
      return new DamagedStreamException(
          Reason.TOO_LARGE,
          "the "
              + name
              + " stream needs a larger window than the limit ("
              + (compression == Compression.ZSTD ? "2^" + windowLog + " bytes" : "256 MiB")
              + "): compress it again with a smaller one"
              + after());
    }
    boolean ended =
        e instanceof EOFException
            || message.contains("truncated")
            || message.contains("unexpected end")
            || stored.ended() && compression == Compression.BZIP2;
    return ended
        ? new DamagedStreamException(
            Reason.TRUNCATED, "the " + name + " stream ends too early" + after())
        : new DamagedStreamException(
            Reason.CORRUPT, "the " + name + " stream is damaged" + after());
  }

  private String after() {
    return ", after " + decoded + " decoded bytes";
  }

  @Override
  public void close() throws IOException {
    if (decoder != null) {
      decoder.close();
    }
    stored.close();
  }
}
