package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.includingAll;
import static org.merganser.corpus.read.Reading.limited;
import static org.merganser.corpus.read.Reading.separated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Fuzz;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;

/**
 * Damages good files of every format and compression at random: each is read to its end, without an
 * exception, and the sums hold ({@link Reading} checks them).
 */
class ReaderFuzzTest {
  @TempDir Path folder;

  private byte[][] seeds() throws IOException {
    String lines = "{\"text\":\"one \\u00e9\",\"id\":1}\n\nA line\r\n\r\nsome text é\n".repeat(40);
    String warc = WarcReadingTest.record("conversion", "1", "text").repeat(20);
    Path parquet =
        ParquetReadingTest.write(folder.resolve("seed"), 60, CompressionCodecName.SNAPPY);
    Path zstd = ParquetReadingTest.write(folder.resolve("seed2"), 60, CompressionCodecName.ZSTD);
    List<byte[]> seeds = new ArrayList<>();
    for (Compression compression : Compression.values()) {
      seeds.add(Compressed.of(compression, lines.getBytes(UTF_8)));
      seeds.add(Compressed.of(compression, warc.getBytes(UTF_8)));
    }
    seeds.add(Files.readAllBytes(parquet));
    seeds.add(Files.readAllBytes(zstd));
    return seeds.toArray(byte[][]::new);
  }

  /** How it is read depends on its bytes alone, so that a case is repeated by them. */
  private void read(byte[] damaged) throws IOException {
    Random random = new Random(Arrays.hashCode(damaged));
    InputFormat format = InputFormat.values()[random.nextInt(InputFormat.values().length)];
    InvalidUtf8 mode = InvalidUtf8.values()[random.nextInt(3)];
    long limit = random.nextBoolean() ? 1 << 20 : 1 + random.nextInt(200);
    Path path = file(folder, "f", damaged);
    CorpusSettings settings =
        format == InputFormat.SEPARATED
            ? separated("A line", limit, limit, mode, path)
            : limited(format, limit, mode, path);
    Reading.of(
        random.nextBoolean() ? settings : includingAll(settings),
        random.nextBoolean() ? null : SplitPropertyTest.CAPITALS);
  }

  @Test
  @Tag("random")
  void readsDamagedFilesToTheirEnd() throws IOException {
    Fuzz.run(Fuzz.millis(), this::read, seeds());
  }
}
