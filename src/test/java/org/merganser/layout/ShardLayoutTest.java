package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.shard.NumPy;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.store.UnusableFileException;

class ShardLayoutTest {
  @TempDir Path dir;

  /** Rows of {document, part, ids...}. */
  private Path shard(int[]... rows) throws IOException {
    List<ShardRow> all = new ArrayList<>();
    for (int[] r : rows) {
      all.add(ShardRows.row("d" + r[0], "", 0, r[1], Arrays.copyOfRange(r, 2, r.length)));
    }
    return ShardRows.write(dir.resolve("part.parquet"), "ab", all);
  }

  /** A limit of a part; 0 for none. */
  private static @Nullable Long limit(long limit) {
    return limit == 0 ? null : limit;
  }

  /** The parts without their sums, which are compared with those of the files. */
  private List<ShardConversion.Converted> convert(
      String layout, int bound, long maxTokens, long maxBytes, int[]... rows) throws IOException {
    List<ShardConversion.Converted> parts = new ArrayList<>();
    for (ShardConversion.Converted part :
        new ShardConversion(
                LayoutRows.layout(layout),
                new ShardLayout.IdSettings(bound, 0, -1),
                new ShardConversion.Limits(limit(maxTokens), limit(maxBytes)))
            .convert(
                shard(rows), (name, suffix) -> dir.resolve(name + suffix), "part-0000000-000")) {
      LayoutRows.assertSums(part, dir);
      parts.add(
          new ShardConversion.Converted(
              part.name(), part.suffixes(), part.documents(), part.tokens(), Map.of()));
    }
    return parts;
  }

  private static ShardConversion.Converted part(
      String layout, String name, long documents, long tokens) {
    ShardLayout of = LayoutRows.layout(layout);
    List<String> suffixes = new ArrayList<>(of.shape().suffixes());
    suffixes.add(ShardConversion.INDEX_SUFFIX);
    return new ShardConversion.Converted(name, suffixes, documents, tokens, Map.of());
  }

  private ByteBuffer read(String suffix) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(dir.resolve("part-0000000-000" + suffix)))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long[] longs(ByteBuffer in, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.getLong();
    }
    return values;
  }

  private static int[] ids(ByteBuffer in, int width) {
    int[] values = new int[in.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] = width == 2 ? in.getShort() & 0xFFFF : in.getInt();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"65499, 8, 2", "65500, 4, 4", "65536, 4, 4"})
  void megatronListsSequencesAndDocuments(int bound, int dtype, int width) throws IOException {
    int top = bound - 1;
    convert(
        "megatron",
        bound,
        0,
        0,
        new int[] {0, 0, 1, top, 3},
        new int[] {1, 0},
        new int[] {2, 0, 9},
        new int[] {2, 1, 8, 7});
    assertThat(ids(read(".bin"), width)).containsExactly(1, top, 3, 9, 8, 7);
    ByteBuffer idx = read(".idx");
    byte[] magic = new byte[9];
    idx.get(magic);
    assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("MMIDIDX\0\0");
    assertThat(idx.getLong()).isEqualTo(1);
    assertThat(idx.get()).isEqualTo((byte) dtype);
    assertThat(longs(idx, 2)).containsExactly(4, 4);
    assertThat(new int[] {idx.getInt(), idx.getInt(), idx.getInt(), idx.getInt()})
        .containsExactly(3, 0, 1, 2);
    assertThat(longs(idx, 4)).containsExactly(0, 3L * width, 3L * width, 4L * width);
    assertThat(longs(idx, 4)).containsExactly(0, 1, 2, 4);
    assertThat(idx.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"65535, 2", "65536, 2", "65537, 4", "2147483647, 4"})
  void nanoGptIsBareIdsOfTheSmallestWidth(int bound, int width) throws IOException {
    convert("bin", bound, 0, 0, new int[] {0, 0, 1, bound - 1}, new int[] {1, 0, 3});
    assertThat(ids(read(".bin"), width)).containsExactly(1, bound - 1, 3);
  }

  @ParameterizedTest
  @CsvSource({"65536, 2", "65537, 4"})
  void idsCrossTheBufferOfTheirFile(int bound, int width) throws IOException {
    Random random = new Random(Seeds.next());
    int[] lengths = {(1 << 15) - 1, 1, 1, 1 << 15, 100_000, 0, 3};
    int[][] rows = new int[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      rows[i] = random.ints(2 + lengths[i], 0, bound).toArray();
      rows[i][0] = i;
      rows[i][1] = 0;
    }
    convert("bin", bound, 0, 0, rows);
    assertThat(ids(read(".bin"), width))
        .isEqualTo(Arrays.stream(rows).flatMapToInt(row -> Arrays.stream(row).skip(2)).toArray());
  }

  @ParameterizedTest
  @CsvSource({"65536, 20240520, 1, 2", "65537, 20240801, 7, 4"})
  void llmcHasItsHeader(int bound, int magic, int version, int width) throws IOException {
    convert("llmc", bound, 0, 0, new int[] {0, 0, 1, bound - 1}, new int[] {1, 0, 3});
    ByteBuffer bin = read(".bin");
    assertThat(new int[] {bin.getInt(), bin.getInt(), bin.getInt(), bin.getInt()})
        .containsExactly(magic, version, 3, 0);
    assertThat(ids(bin.position(1024), width)).containsExactly(1, bound - 1, 3);
  }

  @Test
  void noCountOrPlaceGoesBeyondItsWidth() {
    assertThat(LayoutRows.layout("llmc").maxFileTokens()).isEqualTo(Integer.MAX_VALUE);
    assertThat(4 * LayoutRows.layout("litdata").maxFileTokens() + 64).isLessThan(1L << 32);
    assertThatThrownBy(() -> new ShardLayout.IdSettings(Integer.MIN_VALUE, 0, -1))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("below 2^31");
  }

  @Test
  void npyHasARealHeader() throws IOException {
    convert("npy", 300, 0, 0, new int[] {0, 0, 1, 299}, new int[] {1, 0, 3});
    ByteBuffer npy = read(".npy");
    byte[] header = new byte[128];
    npy.get(header);
    assertThat(new String(header, StandardCharsets.ISO_8859_1))
        .startsWith(
            "\u0093NUMPY\u0001\0\u0076\0{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }")
        .endsWith(" \n");
    assertThat(ids(npy, 2)).containsExactly(1, 299, 3);
  }

  @Test
  void datatroveIndexesWhereDocumentsEnd() throws IOException {
    convert(
        "datatrove",
        300,
        0,
        0,
        new int[] {0, 0, 1, 299},
        new int[] {1, 0},
        new int[] {2, 0, 4},
        new int[] {2, 1, 5});
    assertThat(ids(read(".ds"), 2)).containsExactly(1, 299, 4, 5);
    assertThat(longs(read(".ds.index"), 3)).containsExactly(2, 2, 4);
    assertThat(Files.readString(dir.resolve("part-0000000-000.ds.metadata")))
        .isEqualTo("sha256:ab|2\n4\n4.00 T");
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "llmc", "npy", "datatrove", "litdata", "dolma"})
  void anIdBeyondTheVocabularyIsRefusedAndNotWrapped(String layout) {
    assertThatThrownBy(() -> convert(layout, 65_000, 0, 0, new int[] {7, 0, 1, 65_536}))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("document \"d7\" has id 65536, the vocabulary ends before 65000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "llmc", "npy", "datatrove", "dolma"})
  void anEmptyShardGivesAnEmptyPart(String layout) throws IOException {
    assertThat(convert(layout, 300, 0, 0)).containsExactly(part(layout, "part-0000000-000", 0, 0));
    for (String suffix : LayoutRows.layout(layout).shape().suffixes()) {
      assertThat(dir.resolve("part-0000000-000" + suffix)).exists();
    }
  }

  @Test
  void limitsCutPartsBetweenRows() throws IOException {
    int[][] rows = {{0, 0, 1, 2}, {1, 0, 3}, {2, 0, 4}, {3, 0, 5, 6, 7, 8}, {4, 0, 9}};
    assertThat(convert("bin", 300, 3, 0, rows))
        .containsExactly(
            part("bin", "part-0000000-000-000", 2, 3),
            part("bin", "part-0000000-000-001", 1, 1),
            part("bin", "part-0000000-000-002", 1, 4),
            part("bin", "part-0000000-000-003", 1, 1));
    assertThat(ids(read("-002.bin"), 2)).containsExactly(5, 6, 7, 8);
    assertThat(convert("bin", 300, 9, 0, rows)).hasSize(1);
    assertThat(convert("bin", 300, 8, 0, rows)).hasSize(2);
    assertThat(convert("bin", 300, 0, 16, rows)).hasSize(2);
    assertThat(convert("bin", 70_000, 0, 35, rows)).hasSize(2);
    assertThat(convert("bin", 70_000, 0, 36, rows)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 70_000})
  void numpyReadsNpyBinAndTheMegatronIndex(int bound) throws Exception {
    int[][] rows = {{0, 0, 1, 299}, {1, 0}, {2, 0, 4}, {2, 1, 5}};
    for (String layout : List.of("megatron", "npy", "llmc")) {
      Files.createDirectories(dir.resolve(layout));
      Path folder = dir.resolve(layout);
      new ShardConversion(
              LayoutRows.layout(layout),
              new ShardLayout.IdSettings(bound, 0, -1),
              ShardConversion.Limits.NONE)
          .convert(shard(rows), (part, suffix) -> folder.resolve(part + suffix), "p");
    }
    String width = bound == 300 ? "uint16" : "int32";
    assertThat(NumPy.run("small_layouts.py", dir, width))
        .containsExactly(
            width + " [1, 299, 4, 5]", "4 [1, 299, 4, 5]", "[[1, 299], [], [4], [5]] [0, 1, 2, 4]");
  }

  @Test
  void leavesNoHalfPartsOpenAfterAnError() throws IOException {
    assertThatThrownBy(() -> convert("megatron", 300, 0, 0, new int[] {7, 0, 300}))
        .isInstanceOf(UnusableFileException.class);
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.map(f -> f.getFileName().toString())).noneMatch(f -> f.contains(".idx."));
    }
    assertThat(dir.resolve("part-0000000-000.idx")).isEmptyFile();
  }
}
