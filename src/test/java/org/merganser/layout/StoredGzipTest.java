package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;

final class StoredGzipTest {
  private static byte[] gzip(byte[] content, int step) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (StoredGzip gzip = new StoredGzip(out)) {
      for (int at = 0; at < content.length; at += step) {
        gzip.write(content, at, Math.min(step, content.length - at));
      }
      gzip.finish();
    }
    return out.toByteArray();
  }

  @Test
  void theBytesAreThoseOfTheTwoStandards() throws IOException {
    assertThat(gzip(new byte[] {'a', 'b', 'c'}, 1))
        .containsExactly(
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, // RFC 1952
            1, 3, 0, 0xfc, 0xff, 'a', 'b', 'c', // the last block, its length and the complement
            0xc2, 0x41, 0x24, 0x35, // CRC-32 of "abc" is 352441c2
            3, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_534, 65_535, 65_536, 131_069, 131_070, 131_071, 200_000})
  void anotherReaderUnpacksIt(int length) throws IOException {
    byte[] content = new byte[length];
    new Random(Seeds.next()).nextBytes(content);
    byte[] packed = gzip(content, 65_536);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
        .isEqualTo(content);
    int blocks = Math.max(1, (length + StoredGzip.BLOCK_BYTES - 1) / StoredGzip.BLOCK_BYTES);
    assertThat(packed).hasSize(length + 18 + 5 * blocks);
    for (int step : new int[] {7, 4_096, 65_535}) {
      assertThat(Arrays.equals(gzip(content, step), packed)).as("in steps of %d", step).isTrue();
    }
  }
}
