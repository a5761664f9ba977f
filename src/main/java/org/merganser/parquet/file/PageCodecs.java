package org.merganser.parquet.file;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/**
 * Parquet's codecs, with zstd pages packed and unpacked in one call instead of through Hadoop's
 * streams and pools, which log a line a file. A page of an impossible size, or whose frame holds
 * another size than its header says, is refused before memory is taken for it.
 */
public final class PageCodecs implements CompressionCodecFactory {
  /**
   * Level 1: on the ids of mixed prose and code (vocabulary 32,000) level 3 saved 12 % of the size,
   * at a cost in time that is still to be measured on a quiet machine.
   */
  public static final int ZSTD_LEVEL = 1;

  /** Writers make pages of one megabyte; this bounds the uncompressed size of a page. */
  private static final int MAX_PAGE_BYTES = 1 << 28;

  private final CompressionCodecFactory others =
      new CodecFactory(new PlainParquetConfiguration(), 1 << 16);

  private @Nullable ZstdPages zstd;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return codec == CompressionCodecName.ZSTD ? new ZstdPacker() : others.getCompressor(codec);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD) {
      return new BoundedPages(others.getDecompressor(codec));
    }
    zstd = zstd == null ? new ZstdPages() : zstd;
    return new BoundedPages(zstd);
  }

  @Override
  public void release() {
    others.release();
    if (zstd != null) {
      zstd.release();
      zstd = null;
    }
  }

  private record BoundedPages(BytesInputDecompressor pages) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      check(size);
      return pages.decompress(bytes, size);
    }

    @Override
    public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size)
        throws IOException {
      check(size);
      pages.decompress(input, compressed, output, size);
    }

    private static void check(int size) throws IOException {
      if (size < 0 || size > MAX_PAGE_BYTES) {
        throw new IOException("a page of %s bytes; %s are allowed".formatted(size, MAX_PAGE_BYTES));
      }
    }

    @Override
    public void release() {
      pages.release();
    }
  }

  private static final class ZstdPacker implements BytesInputCompressor {
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

  private static final class ZstdPages implements BytesInputDecompressor {
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();

    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      byte[] in = bytes.toInputStream().readNBytes((int) bytes.size());
      return BytesInput.from(decompress(in, size));
    }

    @Override
    public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size)
        throws IOException {
      byte[] in = new byte[compressed];
      input.get(in);
      output.put(decompress(in, size));
      output.flip();
    }

    private byte[] decompress(byte[] in, int size) throws IOException {
      long declared = Zstd.getFrameContentSize(in); // 0 where a streaming writer could not know it
      if (declared > 0 && declared != size) {
        throw new IOException("a page of " + size + " bytes holds a zstd frame of " + declared);
      }
      try {
        byte[] out = new byte[size];
        int found = zstd.decompressByteArray(out, 0, size, in, 0, in.length);
        if (found != size) {
          throw new IOException("a page of " + size + " bytes decompressed to " + found);
        }
        return out;
      } catch (ZstdException e) {
        throw new IOException("a page does not decompress: " + e.getMessage(), e);
      }
    }

    @Override
    public void release() {
      zstd.close();
    }
  }
}
