package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.parquet.ColumnarReader;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardPacking;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** What was written in any layout is read back, id by id, at the bounds where widths change. */
class LayoutRoundTripTest {
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
        int[] ids =
            random.ints(random.nextInt(5) == 0 ? 0 : random.nextInt(300), 0, bound).toArray();
        if (ids.length > 0) {
          ids[random.nextInt(ids.length)] = bound - 1;
        }
        ShardRow row =
            ShardRows.row(
                "d" + document + "é🌲", "f" + document % 3, 5_000_000_000L * document, part, ids);
        row.group = random.nextBoolean() ? "g" + part : null;
        rows.add(row);
      }
    }
    return rows;
  }

  private Path shard(List<ShardRow> rows) throws IOException {
    return ShardRows.write(dir.resolve("s.parquet"), TOKENIZER, rows);
  }

  private List<ShardRow> packed(Path shard, ShardPacking.Strategy strategy) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    new ShardPacking(64, strategy, ShardPacking.Remainder.KEEP, -1, -1)
        .pack(List.of(shard), 3, row -> rows.add(copy(row)));
    return rows;
  }

  /** Converts, cut into several parts, and reads all parts back. */
  private List<ShardRow> through(
      String layout, Path shard, ShardLayout.IdSettings ids, @Nullable Long maxTokens)
      throws IOException {
    Path folder =
        Files.createDirectories(
            dir.resolve(layout + ids.bound() + (maxTokens == null ? 0 : maxTokens)));
    List<ShardConversion.Converted> parts =
        new ShardConversion(
                LayoutRows.layout(layout), ids, new ShardConversion.Limits(maxTokens, null))
            .convert(shard, (part, suffix) -> folder.resolve(part + suffix), "p");
    List<ShardRow> rows = new ArrayList<>();
    for (ShardConversion.Converted part : parts) {
      List<ShardRow> read =
          LayoutRows.of(
              folder.resolve(part.name() + LayoutRows.layout(layout).shape().suffixes().get(0)));
      LayoutRows.assertSums(part, folder);
      assertThat(part.sums().keySet()).isEqualTo(summed(layout));
      assertThat(read.stream().mapToLong(row -> row.count).sum()).isEqualTo(part.tokens());
      assertThat(read.stream().mapToLong(ShardRow::documents).sum()).isEqualTo(part.documents());
      rows.addAll(read);
    }
    return rows;
  }

  /** The files that are not read again for their sums: all but those whose header has a count. */
  private static Set<String> summed(String layout) {
    Set<String> summed = new TreeSet<>(LayoutRows.layout(layout).shape().suffixes());
    summed.add(ShardConversion.INDEX_SUFFIX);
    switch (layout) {
      case "megatron" -> summed.remove(".idx");
      case "llmc" -> summed.remove(".bin");
      case "npy" -> summed.remove(".npy");
      default -> {}
    }
    return summed;
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "llmc", "npy", "datatrove", "litdata", "dolma"})
  void documentsComeBackFromEveryLayout(String layout) throws IOException {
    System.out.println("seed " + seed);
    for (int bound : BOUNDS) {
      List<ShardRow> rows = documents(bound);
      Path shard = shard(rows);
      ShardLayout.IdSettings ids = new ShardLayout.IdSettings(bound, 0, -1);
      assertThat(LayoutRows.show(through(layout, shard, ids, null)))
          .as("bound %d, seed %d", bound, seed)
          .isEqualTo(LayoutRows.show(rows));
      assertThat(LayoutRows.show(through(layout, shard, ids, 500L)))
          .as("bound %d, seed %d", bound, seed)
          .isEqualTo(LayoutRows.show(rows));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "llmc", "npy", "datatrove", "litdata"})
  void packedSequencesComeBackWithTheirPieces(String layout) throws IOException {
    System.out.println("seed " + seed);
    for (ShardPacking.Strategy strategy : ShardPacking.Strategy.values()) {
      List<ShardRow> sequences = packed(shard(documents(65_536)), strategy);
      Path shard = dir.resolve("packed.parquet");
      Map<String, String> metadata = Map.of(ParquetShardWriter.SEQUENCE_LENGTH, "64");
      try (ParquetShardWriter out =
          new ParquetShardWriter(shard, metadata, ShardColumns.SEQUENCES)) {
        for (ShardRow row : sequences) {
          out.write(row);
        }
      }
      assertThat(LayoutRows.of(shard))
          .extracting(row -> row.pieces)
          .isEqualTo(sequences.stream().map(row -> row.pieces).toList());
      List<ShardRow> back = through(layout, shard, new ShardLayout.IdSettings(65_536, 64, 7), 700L);
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
  @ValueSource(strings = {"megatron", "datatrove", "litdata"})
  void withoutTheIndexDocumentsAreThoseOfTheLayout(String layout) throws IOException {
    List<ShardRow> rows = documents(65_500);
    rows.removeIf(row -> row.part > 0);
    through(layout, shard(rows), new ShardLayout.IdSettings(65_500, 0, -1), null);
    String suffix = LayoutRows.layout(layout).shape().suffixes().get(0);
    assertThat(LayoutRows.documents(dir.resolve(layout + "655000/p" + suffix)))
        .containsExactlyElementsOf(rows.stream().map(row -> row.ids).toList());
  }

  @Test
  void theTokenizerIsNamedInEveryFileThatHasAPlaceForIt() throws IOException {
    Path shard = shard(documents(300));
    for (String layout : List.of("megatron", "bin", "npy", "datatrove", "litdata", "dolma")) {
      through(layout, shard, new ShardLayout.IdSettings(300, 0, -1), null);
      try (ColumnarReader index =
          new ColumnarReader(dir.resolve(layout + "3000/p.index.parquet"))) {
        assertThat(index.metadata().get(ParquetShardWriter.TOKENIZER_SHA256))
            .as(layout)
            .isEqualTo(TOKENIZER);
      }
    }
  }

  /** A row of its own, with no spare room. */
  private static ShardRow copy(ShardRow row) {
    ShardRow copy = ShardRows.row(row.docId, row.file, row.offset, row.part, ShardRows.ids(row));
    copy.group = row.group;
    copy.pieces = row.pieces;
    return copy;
  }
}
