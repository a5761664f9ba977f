package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** Many shards as few, large files. */
final class MergedShardsTest {
  private static final int BOUND = 300;

  @TempDir Path dir;

  /** Documents of up to 20 ids; every fourth is a further part of the one before. */
  private static List<ShardRow> rows(Random random, int count) {
    List<ShardRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean continues = i > 0 && random.nextInt(4) == 0;
      String docId = continues ? rows.get(i - 1).docId : "d" + i;
      int part = continues ? rows.get(i - 1).part + 1 : 0;
      int[] ids = random.ints(random.nextInt(20), 0, BOUND).toArray();
      rows.add(ShardRows.row(docId, "f" + i / 7, i, part, ids));
    }
    return rows;
  }

  private Path shard(String name, List<ShardRow> rows) throws IOException {
    return ShardRows.write(dir.resolve(name), "ab", rows);
  }

  private static ShardLayout.IdSettings ids() {
    return new ShardLayout.IdSettings(BOUND, 0, -1);
  }

  private List<ShardConversion.Converted> merge(
      String layout, long maxTokens, String folder, List<Path> shards) throws IOException {
    Path to = Files.createDirectories(dir.resolve(folder));
    return new ShardConversion(
            LayoutRows.layout(layout), ids(), new ShardConversion.Limits(maxTokens, null))
        .merge(
            shards.stream().<ShardConversion.Shard>map(shard -> () -> shard).toList(),
            (part, suffix) -> to.resolve(part + suffix),
            "part-0000000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "llmc", "npy", "datatrove", "litdata", "dolma"})
  void shardsThatAreMergedAreWhatOneShardOfAllRowsIs(String layout) throws IOException {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 5; round++) {
      List<ShardRow> rows = rows(random, 200);
      List<Path> shards = new ArrayList<>();
      for (int from = 0; from < rows.size(); ) {
        int to = Math.min(rows.size(), from + random.nextInt(40)); // empty shards among them
        shards.add(shard("s" + shards.size() + ".parquet", rows.subList(from, to)));
        from = to;
      }
      String folder = layout + round;
      merge(layout, Long.MAX_VALUE, folder, shards);
      Path whole = Files.createDirectories(dir.resolve(folder + "-whole"));
      new ShardConversion(LayoutRows.layout(layout), ids(), ShardConversion.Limits.NONE)
          .convert(
              shard("whole.parquet", rows),
              (part, suffix) -> whole.resolve(part + suffix),
              "part-0000000-000");
      assertThat(names(dir.resolve(folder))).isEqualTo(names(whole)).isNotEmpty();
      for (String name : names(whole)) {
        assertThat(dir.resolve(folder).resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
      }
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void aLimitCutsBetweenRowsAndNumbersTheFiles() throws IOException {
    List<ShardRow> rows = rows(new Random(1), 60);
    Path shard = shard("s.parquet", rows);
    List<ShardConversion.Converted> parts = merge("bin", 100, "cut", List.of(shard, shard));
    assertThat(parts)
        .extracting(ShardConversion.Converted::name)
        .startsWith("part-0000000-000", "part-0000000-001");
    assertThat(parts).allMatch(part -> part.tokens() <= 100);
    assertThat(parts.stream().mapToLong(ShardConversion.Converted::tokens).sum())
        .isEqualTo(2 * rows.stream().mapToLong(row -> row.count).sum());
  }

  @Test
  void anIndexOfManyTinyDocumentsListsThemAll() throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      int[] ids = i % 3 == 0 ? new int[0] : new int[] {i % BOUND}; // some are empty
      rows.add(ShardRows.row("d" + i, "", 0, 0, ids));
    }
    merge("megatron", Long.MAX_VALUE, "tiny", List.of(shard("tiny.parquet", rows)));
    assertThat(LayoutRows.documents(dir.resolve("tiny/part-0000000-000.bin")).toArray(int[][]::new))
        .isDeepEqualTo(
            rows.stream().map(row -> Arrays.copyOf(row.ids, row.count)).toArray(int[][]::new));
  }
}
