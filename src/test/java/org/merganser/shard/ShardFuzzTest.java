package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.parquet.ParquetRows;
import org.merganser.store.UnusableFileException;

/** A damaged shard is refused with a UnusableFileException, or read to its end. */
class ShardFuzzTest {
  @TempDir Path folder;

  static byte[][] seeds() throws IOException {
    Path file = Files.createTempFile("merganser-fuzz", ".parquet");
    byte[] small = Files.readAllBytes(shard(file, 3));
    byte[] first = ParquetRows.withoutChecksums(file, WriterVersion.PARQUET_1_0);
    byte[] second = ParquetRows.withoutChecksums(file, WriterVersion.PARQUET_2_0);
    byte[] large = Files.readAllBytes(shard(file, 400));
    Files.delete(file);
    return new byte[][] {small, first, second, large};
  }

  private static Path shard(Path file, int rows) throws IOException {
    Random random = new Random(rows);
    List<ShardRow> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int[] ids = random.ints(random.nextInt(30), 0, 5000).toArray();
      all.add(ShardRows.row("d" + i, "f" + i / 10, i, 0, ids));
      all.get(i).group = i % 3 == 0 ? null : "g";
    }
    return ShardRows.write(file, "ab", all);
  }

  @MethodSource("seeds")
  @FuzzTest
  void refusesOrReadsAnyShard(byte[] damaged) throws IOException {
    Path file = Files.write(folder.resolve("shard.parquet"), damaged);
    ShardRow row = new ShardRow();
    try (ShardReader in = new ShardReader(file)) {
      while (in.next(row)) {
        if (row.count < 0 || row.count > row.ids.length) {
          throw new AssertionError("count " + row.count + " of " + row.ids.length);
        }
      }
    } catch (UnusableFileException documented) {
      Fuzz.requireNames(documented, file.toString());
    }
  }

  /** Parquet's reader would take the heap that the page of this file asks for. */
  @Test
  void refusesAPageThatIsLongerThanItsColumnChunk() throws IOException {
    Path file = folder.resolve("shard.parquet");
    try (InputStream found =
        ShardFuzzTest.class.getResourceAsStream("page-longer-than-its-file.parquet")) {
      Files.copy(found, file);
    }
    try (ShardReader in = new ShardReader(file)) {
      assertThatThrownBy(() -> in.next(new ShardRow()))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining(file + " is damaged: a page of ")
          .hasMessageContaining(" bytes, and its column chunk has ");
    }
  }

  @Test
  @Tag("random")
  void refusesOrReadsADamagedShard() throws IOException {
    Fuzz.run(Fuzz.millis(), this::refusesOrReadsAnyShard, seeds());
  }
}
