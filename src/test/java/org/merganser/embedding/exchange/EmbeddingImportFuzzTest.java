package org.merganser.embedding.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableInit;
import org.merganser.embedding.FloatType;
import org.merganser.parquet.ParquetRows;

/** A damaged npy, safetensors or Parquet file is refused, or its rows become a table. */
class EmbeddingImportFuzzTest {
  @TempDir Path folder;

  static byte[][] seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    Path table = Files.createTempFile("merganser-fuzz", ".parquet");
    EmbeddingTableInit.write(table, 5, 3, 1, 1, null);
    for (WriterVersion version : WriterVersion.values()) {
      seeds.add(ParquetRows.withoutChecksums(table, version));
    }
    Path other = Files.createTempFile("merganser-fuzz", "");
    for (FloatType type : FloatType.values()) {
      EmbeddingExport.writeSafetensors(table, "wte.weight", type, other);
      seeds.add(Files.readAllBytes(other));
      if (type != FloatType.BF16) {
        EmbeddingExport.writeNpy(table, type, other);
        byte[] npy = Files.readAllBytes(other);
        seeds.add(npy);
        seeds.add(new String(npy, ISO_8859_1).replace("\1\0v", "\2\0v").getBytes(ISO_8859_1));
      }
    }
    Files.delete(table);
    Files.delete(other);
    return seeds.toArray(byte[][]::new);
  }

  @MethodSource("seeds")
  @FuzzTest
  void refusesOrImportsAnyFile(byte[] damaged) throws IOException {
    Path file = Files.write(folder.resolve("foreign"), damaged);
    Path table = folder.resolve("table.parquet");
    try {
      EmbeddingImport.write(new EmbeddingImport.Request(file, null, null, false), table);
    } catch (EmbeddingException documented) {
      Fuzz.requireNames(documented, file.toString());
      return;
    }
    EmbeddingTable imported = EmbeddingTable.open(1, table, folder.resolve("flat"));
    if (imported.rows() < 1 || imported.dim() < 1) {
      throw new AssertionError(imported);
    }
    Files.delete(table);
  }

  @Test
  @Tag("random")
  void refusesOrImportsADamagedFile() throws IOException {
    Fuzz.run(Fuzz.millis(), this::refusesOrImportsAnyFile, seeds());
  }
}
