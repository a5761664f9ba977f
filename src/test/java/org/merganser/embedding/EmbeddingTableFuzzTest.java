package org.merganser.embedding;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.parquet.ParquetRows;

/** A damaged table is refused with an EmbeddingException, or every row of it is there. */
class EmbeddingTableFuzzTest {
  @TempDir Path folder;

  static byte[][] seeds() throws IOException {
    Path table = Files.createTempFile("merganser-fuzz", ".parquet");
    EmbeddingTableInit.write(table, 300, 12, 1, 1, null);
    byte[] large = Files.readAllBytes(table);
    EmbeddingTableInit.write(table, 7, 2, 1, 0, null);
    byte[][] seeds = {
      large,
      Files.readAllBytes(table),
      ParquetRows.withoutChecksums(table, WriterVersion.PARQUET_1_0),
      ParquetRows.withoutChecksums(table, WriterVersion.PARQUET_2_0)
    };
    Files.delete(table);
    return seeds;
  }

  @MethodSource("seeds")
  @FuzzTest
  void refusesOrReadsAnyTable(byte[] damaged) throws IOException {
    Path file = Files.write(folder.resolve("table.parquet"), damaged);
    try {
      EmbeddingTable table = EmbeddingTable.open(1, file, folder.resolve("flat"));
      if (table.rows() < 1 || table.dim() < 1) {
        throw new AssertionError(table);
      }
    } catch (EmbeddingException documented) {
      Fuzz.requireNames(documented, file.toString());
    }
  }

  @Test
  @Tag("random")
  void refusesOrReadsADamagedTable() throws IOException {
    Fuzz.run(Fuzz.millis(), this::refusesOrReadsAnyTable, seeds());
  }
}
