package org.merganser.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;

/** Pages that Parquet's own codecs compressed, and what becomes of damaged ones. */
class PageCodecsTest {
  private final PageCodecs codecs = new PageCodecs();

  @AfterEach
  void release() {
    codecs.release();
  }

  private static byte[] compress(CompressionCodecName codec, byte[] page) throws IOException {
    CodecFactory factory = new CodecFactory(new PlainParquetConfiguration(), 1 << 16);
    try {
      return factory.getCompressor(codec).compress(BytesInput.from(page)).toByteArray();
    } finally {
      factory.release();
    }
  }

  /** A page of several of Hadoop's blocks. */
  private static byte[] page() {
    byte[] page = new byte[700_000];
    new Random(Seeds.next()).nextBytes(page);
    Arrays.fill(page, 1000, 400_000, (byte) 7);
    return page;
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "LZ4", "LZ4_RAW", "ZSTD"})
  void decompressesPagesAndRefusesOtherSizes(CompressionCodecName codec) throws IOException {
    byte[] page = page();
    byte[] compressed = compress(codec, page);
    BytesInputDecompressor pages = codecs.getDecompressor(codec);
    assertThat(pages.decompress(BytesInput.from(compressed), page.length).toByteArray())
        .isEqualTo(page);
    ByteBuffer out = ByteBuffer.allocate(page.length);
    pages.decompress(ByteBuffer.wrap(compressed), compressed.length, out, page.length);
    assertThat(out.array()).isEqualTo(page);
    if (codec != CompressionCodecName.UNCOMPRESSED) {
      for (int size : new int[] {page.length - 1, page.length + 1, 0}) {
        assertThatThrownBy(() -> pages.decompress(BytesInput.from(compressed), size))
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith("a page ");
      }
    }
    assertThatThrownBy(() -> pages.decompress(BytesInput.from(compressed), 1 << 29))
        .hasMessage("a page of 536870912 bytes; 268435456 are allowed");
  }

  @ParameterizedTest
  @EnumSource(names = {"SNAPPY", "GZIP", "LZ4", "LZ4_RAW", "ZSTD"})
  void bytesOfAnotherCodecAreRefusedAndTakeNoMemory(CompressionCodecName codec) {
    BytesInputDecompressor pages = codecs.getDecompressor(codec);
    byte[] high = {-1, -1, -1, -1, 7, -1, -1, -1, 127, -1, -1, -1};
    byte[] positive = {127, -1, -1, -1, 127, -1, -1, -1, 0, 0, 0, 0};
    for (byte[] bytes : new byte[][] {high, positive, {0}, {}}) {
      assertThatThrownBy(() -> pages.decompress(BytesInput.from(bytes), 100))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void codecsThatAreNotBuiltInAreRefused() {
    assertThatThrownBy(() -> codecs.getDecompressor(CompressionCodecName.BROTLI))
        .hasMessage("no codec BROTLI");
  }
}
