package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFormat;

/** A document says how much of its range, as stored, was read, however well it is compressed. */
final class InputProgressTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void theShareOfStoredBytesIsThatOfDocuments(Compression compression) throws IOException {
    Random random = new Random(1); // one corpus: its compression decides nothing but its size
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 40_000; line++) {
      text.append("{\"text\":\"").append(" the same words again".repeat(6));
      text.append(Long.toHexString(random.nextLong())).append("\"}\n");
    }
    byte[] stored = Compressed.of(compression, text.toString().getBytes(UTF_8));
    assertProgress(Files.write(folder.resolve("corpus"), stored), InputFormat.JSONL);
    if (compression != Compression.NONE) {
      assertThat(text.length()).isGreaterThan(8 * stored.length);
    }
  }

  @Test
  void theShareOfParquetIsThatOfItsRows() throws IOException {
    Path file =
        ParquetReadingTest.write(
            folder.resolve("rows.parquet"), 20_000, CompressionCodecName.SNAPPY);
    assertProgress(file, InputFormat.PARQUET);
  }

  private static void assertProgress(Path file, InputFormat format) throws IOException {
    Reading reading = Reading.of(Reading.settings(format, file));
    int documents = reading.documents.size();
    assertThat(reading.rangeBytesRead).isSorted();
    for (double share : new double[] {0.25, 0.5, 0.75, 1}) {
      long read = reading.rangeBytesRead.get((int) (share * documents) - 1);
      assertThat(read / (double) Files.size(file)).isCloseTo(share, within(0.2));
    }
  }
}
