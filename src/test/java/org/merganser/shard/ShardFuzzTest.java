package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Fuzz;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.OtherSchemaException;
import org.merganser.dataset.Request;
import org.merganser.dataset.UnitReceipt;
import org.merganser.parquet.ShardException;
import org.merganser.store.CheckedFile;

/** A damaged shard, manifest or receipt is refused with a ShardException, or read to its end. */
class ShardFuzzTest {
  @TempDir Path folder;

  private byte[] shard(int rows) throws IOException {
    Random random = new Random(rows);
    List<ShardRow> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int[] ids = random.ints(random.nextInt(30), 0, 5000).toArray();
      all.add(ShardRows.row("d" + i, "f" + i / 10, i, 0, ids));
      all.get(i).group = i % 3 == 0 ? null : "g";
    }
    return Files.readAllBytes(ShardRows.write(folder.resolve("seed" + rows), "ab", all));
  }

  private void readShard(byte[] damaged) throws IOException {
    Path file = Files.write(folder.resolve("shard.parquet"), damaged);
    ShardRow row = new ShardRow();
    try (ShardReader in = new ShardReader(file)) {
      while (in.next(row)) {
        if (row.count < 0 || row.count > row.ids.length) {
          throw new AssertionError("count " + row.count + " of " + row.ids.length);
        }
      }
    } catch (ShardException documented) {
      return;
    }
  }

  private static void readJson(byte[] damaged) {
    try {
      Manifest.read(damaged, "manifest.json");
    } catch (ShardException | OtherSchemaException documented) {
      // Then it may be a receipt.
    }
    try {
      UnitReceipt.read(damaged, "receipt");
    } catch (ShardException | OtherSchemaException documented) {
      return;
    }
  }

  private static byte[][] json() {
    String sum = "ab".repeat(32);
    String totals =
        "{\"files\":1,\"storedBytes\":2,\"records\":3,\"documents\":3,\"validation\":"
            + "{\"documents\":0,\"bytes\":0,\"tokens\":0},\"deadLetters\":{\"notJson\":1},"
            + "\"duplicates\":0,\"blank\":0,\"textBytes\":1,\"rawBytes\":1,\"tokens\":1}";
    String list = "{\"path\":\"a\",\"lines\":1,\"size\":2,\"sha256\":\"" + sum + "\"}";
    String manifest =
        """
        {"schema":2,"job":{},"tokenizerSha256":"%s","vocabulary":300,
        "embeddingsSha256":null,"totals":%s,"inputs":%s,"outputs":%s,
        "request":{"sha256":"%s","format":1,"keys":{}},"data":"%s"}"""
            .formatted(sum, totals, list, list, Request.of(new TreeMap<>()).sha256(), sum)
            .replace("\n", "");
    String receipt =
        """
        {"schema":3,"unit":0,"stage":"encode","fingerprint":"ab","files":[
        {"path":"shards/a","size":1,"sha256":"%s","documents":1,"tokens":2}
        ],"inputs":[],"groups":[],"histogram":null}"""
            .formatted(sum)
            .replace("\n", "");
    byte[] checked = CheckedFile.bytes(receipt.getBytes());
    Manifest.read(manifest.getBytes(), "the seed");
    UnitReceipt.read(checked, "the seed");
    return new byte[][] {manifest.getBytes(), checked};
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
          .isInstanceOf(ShardException.class)
          .hasMessageContaining(file + " is damaged: a page of ")
          .hasMessageContaining(" bytes, and its column chunk has ");
    }
  }

  @Test
  @Tag("random")
  void refusesOrReadsADamagedShard() throws IOException {
    Fuzz.run(Fuzz.millis(), this::readShard, shard(3), shard(400));
  }

  @Test
  void refusesOrReadsADamagedManifestOrReceipt() throws IOException {
    Fuzz.run(Fuzz.millis() / 2, ShardFuzzTest::readJson, json());
  }
}
