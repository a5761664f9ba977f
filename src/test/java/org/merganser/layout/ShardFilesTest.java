package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.parquet.ShardException;
import org.merganser.shard.NodeJs;
import org.merganser.shard.NumPy;
import org.merganser.shard.PackSettings;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardPacking;
import org.merganser.shard.ShardRow;

/** What was written in any layout is read back, id by id, at the bounds where widths change. */
class ShardFilesTest {
  private static final int[] BOUNDS = {
    2, 300, 65_499, 65_500, 65_535, 65_536, 65_537, Integer.MAX_VALUE
  };
  private static final String TOKENIZER = "ab".repeat(32);

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  @TempDir Path dir;

  /** Documents, empty ones and ones cut into parts among them; the largest id occurs. */
  private List<ShardRow> documents(int bound) {
    List<ShardRow> rows = new ArrayList<>();
    for (int document = 0; document < 60; document++) {
      int parts = random.nextInt(8) == 0 ? 3 : 1;
      for (int part = 0; part < parts; part++) {
        ShardRow row = new ShardRow();
        row.docId = "d" + document + "é🌲";
        row.file = "f" + document % 3;
        row.offset = 5_000_000_000L * document;
        row.part = part;
        row.group = random.nextBoolean() ? "g" + part : null;
        int count = random.nextInt(5) == 0 ? 0 : random.nextInt(300);
        row.ids = random.ints(count, 0, bound).toArray();
        row.count = count;
        if (count > 0) {
          row.ids[random.nextInt(count)] = bound - 1;
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private Path shard(List<ShardRow> rows) throws IOException {
    Path file = dir.resolve("s.parquet");
    try (ParquetShardWriter out =
        new ParquetShardWriter(file, Map.of(ParquetShardWriter.TOKENIZER_SHA256, TOKENIZER))) {
      for (ShardRow row : rows) {
        out.write(row);
      }
    }
    return file;
  }

  private List<ShardRow> packed(Path shard, PackSettings.Strategy strategy) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    new ShardPacking(PackSettings.of(64, strategy, true))
        .pack(List.of(shard), 3, row -> rows.add(copy(row)));
    return rows;
  }

  /** Converts, cut into several parts, and reads all parts back. */
  private List<ShardRow> through(String layout, Path shard, ShardLayout.Ids ids, long maxTokens)
      throws IOException {
    Path folder = Files.createDirectories(dir.resolve(layout + ids.bound() + maxTokens));
    List<ShardConversion.Converted> parts =
        new ShardConversion(ShardLayout.of(layout), ids, maxTokens, 0)
            .convert(shard, (part, suffix) -> folder.resolve(part + suffix), "p");
    List<ShardRow> rows = new ArrayList<>();
    for (ShardConversion.Converted part : parts) {
      List<ShardRow> read =
          read(folder.resolve(part.name() + ShardLayout.of(layout).suffixes().get(0)), ids.bound());
      assertThat(read).hasSize((int) part.rows());
      assertThat(read.stream().mapToLong(row -> row.count).sum()).isEqualTo(part.tokens());
      assertThat(read.stream().mapToLong(ShardRow::documents).sum()).isEqualTo(part.documents());
      rows.addAll(read);
    }
    return rows;
  }

  private static List<ShardRow> read(Path file, int bound) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    try (RowReader in = ShardFiles.open(file, bound)) {
      ShardRow row = new ShardRow();
      while (in.next(row)) {
        rows.add(copy(row));
      }
    }
    return rows;
  }

  private static String show(ShardRow row) {
    return row.docId
        + " "
        + row.file
        + " "
        + row.offset
        + " "
        + row.part
        + Arrays.toString(Arrays.copyOf(row.ids, row.count));
  }

  private static List<String> show(List<ShardRow> rows) {
    return rows.stream().map(ShardFilesTest::show).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "llmc", "npy", "datatrove", "arrow", "mds"})
  void documentsComeBackFromEveryLayout(String layout) throws IOException {
    System.out.println("seed " + seed);
    for (int bound : BOUNDS) {
      List<ShardRow> rows = documents(bound);
      Path shard = shard(rows);
      ShardLayout.Ids ids = new ShardLayout.Ids(bound, 0, -1);
      assertThat(show(through(layout, shard, ids, 0)))
          .as("bound %d, seed %d", bound, seed)
          .isEqualTo(show(rows));
      assertThat(show(through(layout, shard, ids, 500)))
          .as("bound %d, seed %d", bound, seed)
          .isEqualTo(show(rows));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "llmc", "npy", "datatrove", "arrow", "mds"})
  void packedSequencesComeBackWithTheirPieces(String layout) throws IOException {
    System.out.println("seed " + seed);
    for (PackSettings.Strategy strategy : PackSettings.Strategy.values()) {
      List<ShardRow> sequences = packed(shard(documents(65_536)), strategy);
      Path shard = dir.resolve("packed.parquet");
      Map<String, String> metadata = Map.of(ParquetShardWriter.SEQUENCE_LENGTH, "64");
      try (ParquetShardWriter out =
          new ParquetShardWriter(shard, metadata, ShardColumns.SEQUENCES)) {
        for (ShardRow row : sequences) {
          out.write(row);
        }
      }
      assertThat(read(shard, 65_536))
          .extracting(row -> row.pieces)
          .isEqualTo(sequences.stream().map(row -> row.pieces).toList());
      List<ShardRow> back = through(layout, shard, new ShardLayout.Ids(65_536, 64, 7), 700);
      assertThat(back).hasSameSizeAs(sequences);
      for (int i = 0; i < back.size(); i++) {
        assertThat(back.get(i).pieces).as("seed %d", seed).isEqualTo(sequences.get(i).pieces);
        assertThat(Arrays.copyOf(back.get(i).ids, back.get(i).count))
            .as("seed %d", seed)
            .isEqualTo(Arrays.copyOf(sequences.get(i).ids, sequences.get(i).count));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "datatrove"})
  void withoutTheIndexDocumentsAreThoseOfTheLayout(String layout) throws IOException {
    List<ShardRow> rows = documents(65_500);
    rows.removeIf(row -> row.part > 0);
    Path shard = shard(rows);
    through(layout, shard, new ShardLayout.Ids(65_500, 0, -1), 0);
    Path folder = dir.resolve(layout + "655000");
    Files.delete(folder.resolve("p.index.parquet"));
    String suffix = ShardLayout.of(layout).suffixes().get(0);
    List<ShardRow> read = read(folder.resolve("p" + suffix), 65_500);
    assertThat(read)
        .extracting(row -> Arrays.toString(row.ids))
        .isEqualTo(rows.stream().map(row -> Arrays.toString(row.ids)).toList());
    assertThat(read.get(2).docId).isEqualTo("p" + suffix + "#2");
  }

  @Test
  void bareIdsWithoutAnIndexAreOneDocument() throws IOException {
    List<ShardRow> rows = documents(300);
    int[] all = rows.stream().flatMapToInt(row -> Arrays.stream(row.ids)).toArray();
    for (String layout : List.of("bin", "llmc", "npy")) {
      through(layout, shard(rows), new ShardLayout.Ids(300, 0, -1), 0);
      Path folder = dir.resolve(layout + "3000");
      Files.delete(folder.resolve("p.index.parquet"));
      String suffix = ShardLayout.of(layout).suffixes().get(0);
      List<ShardRow> read = read(folder.resolve("p" + suffix), 300);
      assertThat(read).hasSize(1);
      assertThat(read.get(0).ids).isEqualTo(all);
    }
  }

  @Test
  void theTokenizerIsNamedInEveryFileThatHasAPlaceForIt() throws IOException {
    Path shard = shard(documents(300));
    for (String layout : List.of("megatron", "bin", "npy", "datatrove", "arrow")) {
      through(layout, shard, new ShardLayout.Ids(300, 0, -1), 0);
      Path file = dir.resolve(layout + "3000/p" + ShardLayout.of(layout).suffixes().get(0));
      try (RowReader in = ShardFiles.open(file, 300)) {
        assertThat(in.tokenizerSha256()).as(layout).isEqualTo(TOKENIZER);
      }
    }
  }

  @Test
  void nodeReadsArrowAndNumpyReadsMdsValueByValue() throws Exception {
    List<ShardRow> rows = new ArrayList<>();
    for (int count : new int[] {0, 1, 255, 256, 65_535, 65_536, 3}) {
      for (String group : Arrays.asList(null, "ja")) {
        ShardRow row = new ShardRow();
        row.docId = "é🌲" + count;
        row.file = "a/b.txt";
        row.offset = 9_000_000_000L + count;
        row.part = 2;
        row.group = group;
        row.ids = random.ints(count, 0, Integer.MAX_VALUE).toArray();
        row.count = count;
        rows.add(row);
      }
    }
    Path shard = shard(rows);
    List<String> expected = new ArrayList<>();
    for (ShardRow row : rows) {
      long weighted = 0;
      for (int i = 0; i < row.count; i++) {
        weighted += (i % 7 + 1L) * row.ids[i];
      }
      expected.add(row.docId + " a/b.txt " + row.offset + " 2 " + row.count + " " + weighted);
    }
    for (String layout : List.of("arrow", "mds")) {
      through(layout, shard, new ShardLayout.Ids(Integer.MAX_VALUE, 0, -1), 0);
    }
    String arrow =
        """
        const { tableFromIPC } = require("apache-arrow"), fs = require("fs");
        let nulls = 0;
        for (const r of tableFromIPC(fs.readFileSync("arrow21474836470/p.arrow"))) {
          let sum = 0n;
          r.input_ids.toArray().forEach((id, i) => (sum += BigInt((i % 7) + 1) * BigInt(id)));
          nulls += r.group === null;
          console.log(`${r.doc_id} ${r.file} ${r.offset} ${r.part} ${r.num_tokens} ${sum}`);
        }
        if (nulls !== 7) throw new Error(nulls + " rows have no group");
        """;
    assertThat(NodeJs.run(dir, arrow)).as("seed %d", seed).isEqualTo(expected);
    String mds =
        """
        import json, sys
        import numpy as np
        raw = open(sys.argv[1], "rb").read()
        n = int(np.frombuffer(raw, np.uint32, 1)[0])
        places = np.frombuffer(raw, np.uint32, n + 1, 4)
        config = json.loads(raw[4 * (n + 2):places[0]])
        assert config["column_names"] == sorted(config["column_names"])
        for begin, end in zip(places, places[1:]):
            data, at, sample = raw[begin:end], 4 * config["column_sizes"].count(None), {}
            sizes = iter(np.frombuffer(data, np.uint32, at // 4))
            for name, size in zip(config["column_names"], config["column_sizes"]):
                size = size or int(next(sizes))
                sample[name] = data[at:at + size]
                at += size
            assert at == len(data)
            t = sample["tokens"]
            shape = np.frombuffer(t[1:1 + (1 << (t[0] % 4))], "<u%d" % (1 << (t[0] % 4)))
            assert t[0] >> 2 == 1 and len(shape) == 1
            ids = np.frombuffer(t[1 + shape.nbytes:], np.int32).reshape(shape).astype(np.int64)
            print(sample["doc_id"].decode(), sample["file"].decode(),
                  np.frombuffer(sample["offset"], np.int64)[0],
                  np.frombuffer(sample["part"], np.int64)[0], len(ids),
                  int((ids * (np.arange(len(ids)) % 7 + 1)).sum()))
        """;
    assertThat(NumPy.run(NumPy.python(), mds, dir.resolve("mds21474836470/p.mds").toString()))
        .as("seed %d", seed)
        .isEqualTo(expected);
  }

  @Test
  void whatHoldsNoIdsIsRefused() throws IOException {
    Path file = Files.writeString(dir.resolve("x.txt"), "text");
    assertThatThrownBy(() -> ShardFiles.open(file, 300))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining(".parquet, .bin, .npy, .ds, .arrow, .mds");
    for (String suffix : List.of(".npy", ".mds", ".arrow", ".parquet")) {
      Path junk = Files.writeString(dir.resolve("junk" + suffix), "x".repeat(100));
      assertThatThrownBy(() -> ShardFiles.open(junk, 300))
          .as(suffix)
          .isInstanceOf(ShardException.class)
          .hasMessageContaining("junk" + suffix);
    }
    assertThat(ShardFiles.holdsIds("p.index.parquet")).isFalse();
    assertThat(ShardFiles.holdsIds("p.parquet")).isTrue();
  }

  /** A row of its own, with no spare room. */
  private static ShardRow copy(ShardRow row) {
    ShardRow copy = new ShardRow();
    copy.docId = row.docId;
    copy.file = row.file;
    copy.offset = row.offset;
    copy.part = row.part;
    copy.group = row.group;
    copy.ids = Arrays.copyOf(row.ids, row.count);
    copy.count = row.count;
    copy.pieces = row.pieces;
    return copy;
  }
}
