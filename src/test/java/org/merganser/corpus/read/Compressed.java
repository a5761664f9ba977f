package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.merganser.corpus.Compression;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Compressed bytes for tests. */
public final class Compressed {
  private Compressed() {}

  private interface Opener {
    OutputStream open(OutputStream out) throws IOException;
  }

  private static byte[] by(Opener opener, byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressor = opener.open(out)) {
      compressor.write(bytes);
    }
    return out.toByteArray();
  }

  static byte[] of(Compression compression, byte[] bytes) throws IOException {
    return switch (compression) {
      case NONE -> bytes;
      case GZIP -> by(GZIPOutputStream::new, bytes);
      case ZSTD ->
          by(
              out -> {
                ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out);
                zstd.setChecksum(true);
                return zstd;
              },
              bytes);
      case BZIP2 -> by(out -> new BZip2CompressorOutputStream(out, 1), bytes);
      case XZ -> by(out -> new XZOutputStream(out, new LZMA2Options(1)), bytes);
    };
  }

  public static byte[] gzip(String text) throws IOException {
    return of(Compression.GZIP, text.getBytes(UTF_8));
  }

  public static byte[] zstd(String text) {
    return Zstd.compress(text.getBytes(UTF_8));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
