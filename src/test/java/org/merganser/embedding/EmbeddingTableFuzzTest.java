package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Fuzz;

/** A damaged table is refused with an EmbeddingException, or every row of it is there. */
class EmbeddingTableFuzzTest {
  @TempDir Path folder;

  private byte[][] seeds() throws IOException {
    byte[][] seeds = new byte[2][];
    for (int i = 0; i < seeds.length; i++) {
      Path table = folder.resolve("seed" + i);
      EmbeddingTableInit.write(table, i == 0 ? 7 : 300, i == 0 ? 1 : 12, 1, i, null);
      seeds[i] = Files.readAllBytes(table);
    }
    return seeds;
  }

  private void read(byte[] damaged) throws IOException {
    Path file = Files.write(folder.resolve("table.parquet"), damaged);
    try {
      EmbeddingTable table = EmbeddingTable.open(1, file, folder.resolve("flat"));
      if (table.rows() < 1 || table.dim() < 1) {
        throw new AssertionError(table);
      }
    } catch (EmbeddingException documented) {
      return;
    }
  }

  @Test
  @Tag("random")
  void refusesOrReadsADamagedTable() throws IOException {
    Fuzz.run(Fuzz.millis(), this::read, seeds());
  }
}
