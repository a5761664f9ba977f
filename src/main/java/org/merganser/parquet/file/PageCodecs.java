package org.merganser.parquet.file;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Parquet's codecs, which compress zstd pages, and decompress all pages, in one call each. Hadoop's
 * streams and pools would log a line a file and allocate whatever size damaged bytes name. A page
 * of an impossible size is refused, and a compressed one of another size than its header says.
 */
public final class PageCodecs implements CompressionCodecFactory {
  /**
   * The level of zstd: on the ids of mixed prose and code (vocabulary 32,000) level 3 saves 12 % of
   * the size. Level -1 is no faster and 13 % larger; level -7 takes two thirds of the time and is
   * 39 % larger.
   */
  public static final int ZSTD_LEVEL = 1;

  /** The maximum uncompressed size of a page; writers make pages of one megabyte. */
  public static final int MAX_PAGE_BYTES = 1 << 28;

  /** The codecs that can be read. */
  private static final Set<CompressionCodecName> READABLE =
      EnumSet.complementOf(EnumSet.of(CompressionCodecName.BROTLI, CompressionCodecName.LZO));

  /** The first size of the buffers of parquet-java's codecs, which grow. */
  private static final int FIRST_BUFFER_BYTES = 1 << 16;

  /** parquet-java's own codecs, which compress everything but zstd. */
  private final CompressionCodecFactory otherCodecs =
      new CodecFactory(new PlainParquetConfiguration(), FIRST_BUFFER_BYTES);

  /** The context that all decompressors of zstd share; null before the first page of zstd. */
  private @Nullable ZstdDecompressCtx zstd;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return codec == CompressionCodecName.ZSTD
        ? new ZstdCompressor()
        : otherCodecs.getCompressor(codec);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    if (!READABLE.contains(codec)) {
      throw new IllegalArgumentException("no codec " + codec);
    }
    return new PageDecompressor(codec);
  }

  @Override
  public void release() {
    otherCodecs.release();
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }

  private static final class ZstdCompressor implements BytesInputCompressor {
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      return BytesInput.from(zstd.compress(bytes.toInputStream().readAllBytes()));
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {
      zstd.close();
    }
  }

  private final class PageDecompressor implements BytesInputDecompressor {
    private final CompressionCodecName codec;

    PageDecompressor(CompressionCodecName codec) {
      this.codec = codec;
    }

    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      if (size < 0 || size > MAX_PAGE_BYTES) {
        throw new IOException("a page of %s bytes; %s are allowed".formatted(size, MAX_PAGE_BYTES));
      }
      if (codec == CompressionCodecName.UNCOMPRESSED) {
        return bytes;
      }
      try {
        byte[] in = bytes.toInputStream().readNBytes((int) bytes.size());
        requirePossible(size, in);
        byte[] out = new byte[size];
        int decompressed = decompressInto(out, in);
        if (decompressed != size) {
          throw new IOException("a page of " + size + " bytes decompressed to " + decompressed);
        }
        return BytesInput.from(out);
      } catch (RuntimeException e) {
        throw new IOException("a page does not decompress: " + e.getMessage(), e);
      }
    }

    /** Checks the size of a page before memory is allocated for it. */
    private void requirePossible(int size, byte[] in) throws IOException {
      if (size > (in.length + 1L) * maxBytesOfOne()) {
        throw new IOException(
            "a page of " + size + " bytes; " + in.length + " compressed ones cannot be as many");
      }
      long declared = codec == CompressionCodecName.ZSTD ? Zstd.getFrameContentSize(in) : 0;
      if (declared > 0 && declared != size) { // 0 if a streaming writer could not know it
        throw new IOException("a page of " + size + " bytes holds a zstd frame of " + declared);
      }
    }

    /** A bound on the bytes that one compressed byte becomes. */
    private int maxBytesOfOne() {
      return switch (codec) {
        case SNAPPY -> 64; // a copy of 64 bytes, which takes two or more
        case GZIP -> 1032; // 258 bytes for a length and a distance of one bit each
        case ZSTD -> 1 << 15; // a block of 128 KiB in four bytes, which repeats one byte
        default -> 256; // LZ4: a further byte of a length adds at most 255
      };
    }

    /**
     * Decompresses a page into {@code out}; returns its length, or any other number than that of
     * {@code out} if it is longer.
     */
    private int decompressInto(byte[] out, byte[] in) throws IOException {
      return switch (codec) {
        case ZSTD -> {
          if (zstd == null) {
            zstd = new ZstdDecompressCtx();
          }
          yield zstd.decompressByteArray(out, 0, out.length, in, 0, in.length);
        }
        case SNAPPY -> {
          int length = Snappy.uncompressedLength(in);
          yield length == out.length ? Snappy.uncompress(in, 0, in.length, out, 0) : length;
        }
        case GZIP -> {
          try (InputStream page = new GZIPInputStream(new ByteArrayInputStream(in))) {
            int read = page.readNBytes(out, 0, out.length);
            boolean isLonger = page.read() >= 0;
            yield isLonger ? out.length + 1 : read;
          }
        }
        case LZ4 -> decompressHadoopLz4(ByteBuffer.wrap(in), out);
        default -> // LZ4_RAW
            new Lz4Decompressor().decompress(in, 0, in.length, out, 0, out.length);
      };
    }

    /**
     * Decompresses Hadoop's form of LZ4, which has blocks, each of several pieces: a block begins
     * with its size before compression, a piece with its size after compression. Returns the length
     * of the page.
     */
    private static int decompressHadoopLz4(ByteBuffer in, byte[] out) {
      int at = 0;
      while (in.hasRemaining()) {
        long end = (long) at + in.getInt();
        while (at < end) {
          int length = in.getInt();
          ByteBuffer piece = in.slice(in.position(), length);
          in.position(in.position() + piece.remaining());
          byte[] bytes = new byte[piece.remaining()];
          piece.get(bytes);
          at += new Lz4Decompressor().decompress(bytes, 0, bytes.length, out, at, out.length - at);
        }
      }
      return at;
    }

    @Override
    public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size)
        throws IOException {
      byte[] in = new byte[compressed];
      input.get(in);
      output.put(decompress(BytesInput.from(in), size).toInputStream().readAllBytes());
      output.flip();
    }

    @Override
    public void release() {} // the factory releases the context that all share
  }
}
