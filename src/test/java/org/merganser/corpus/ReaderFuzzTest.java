package org.merganser.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.merganser.corpus.Reading.file;
import static org.merganser.corpus.Reading.limited;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusSettings.Format;
import org.merganser.corpus.CorpusSettings.InvalidUtf8;

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
    return new byte[][] {
      lines.getBytes(UTF_8),
      warc.getBytes(UTF_8),
      Files.readAllBytes(parquet),
      Files.readAllBytes(zstd)
    };
  }

  private void fuzz(long millis) throws IOException {
    long seed = Long.getLong("merganser.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[][] seeds = seeds();
    long end = System.nanoTime() + millis * 1_000_000;
    for (int i = 0; System.nanoTime() < end; i++) {
      int which = random.nextInt(seeds.length);
      Compression compression =
          which >= 2 ? Compression.NONE : Compression.values()[random.nextInt(5)];
      byte[] content = damage(Compressed.of(compression, seeds[which]), random);
      Format[] formats =
          which >= 2
              ? new Format[] {Format.AUTO, Format.PARQUET}
              : which == 1
                  ? new Format[] {Format.WARC}
                  : new Format[] {Format.LINES, Format.JSONL, Format.PARAGRAPHS, Format.TEXT};
      Format format = formats[random.nextInt(formats.length)];
      InvalidUtf8 mode = InvalidUtf8.values()[random.nextInt(3)];
      long limit = random.nextBoolean() ? 1 << 20 : 1 + random.nextInt(200);
      Path path = file(folder, "f", content);
      try {
        Reading.of(
            limited(format, limit, mode, path),
            random.nextBoolean() ? null : SplitPropertyTest.CAPITALS);
      } catch (RuntimeException | IOException | Error e) {
        Path kept = Files.createTempFile("merganser-fuzz", "." + format);
        Files.write(kept, content);
        throw new AssertionError(
            "seed " + seed + ", case " + i + ", " + format + " limit " + limit + ": " + kept, e);
      }
    }
  }

  private static byte[] damage(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 ->
            Arrays.fill(
                bytes,
                at,
                Math.min(bytes.length, at + random.nextInt(40)),
                (byte) random.nextInt(256));
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        default ->
            bytes =
                Compressed.join(
                    Arrays.copyOf(bytes, at),
                    Arrays.copyOfRange(bytes, random.nextInt(at + 1), bytes.length));
      }
    }
    return bytes;
  }

  @Test
  void readsDamagedFilesToTheirEnd() throws IOException {
    fuzz(Long.getLong("merganser.fuzzMillis", 4_000));
  }

  @Test
  @Tag("soak")
  void readsDamagedFilesToTheirEndForTenMinutes() throws IOException {
    fuzz(600_000);
  }
}
