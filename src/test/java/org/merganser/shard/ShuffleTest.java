package org.merganser.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.FileSum;
import org.merganser.store.UnusableFileException;

class ShuffleTest {
  private static final int ROWS = 400;

  @TempDir Path dir;

  /** Three units; every tenth document has two parts. */
  private List<String> setAside(long seed, int runBytes) throws IOException {
    List<String> files = new ArrayList<>();
    for (int unit = 0; unit < 3; unit++) {
      Path file = dir.resolve("unit-" + unit + "-" + seed + "-" + runBytes);
      try (ShuffleWriter out = new ShuffleWriter(file, seed, unit, runBytes)) {
        for (int i = 0; i < ROWS; i++) {
          ShardRow row = new ShardRow();
          row.docId = unit + "/" + (i % 10 == 1 ? i - 1 : i);
          row.part = i % 10 == 1 ? 1 : 0;
          row.file = "f";
          row.offset = i;
          row.group = i % 2 == 0 ? "even" : null;
          row.ids = new int[] {i, unit, 7};
          row.count = i % 3;
          row.kept = new Object[] {("k" + i).getBytes(UTF_8), (long) i, i / 3.0, i % 2 == 0, null};
          out.write(row);
        }
        assertThat(out.finish()).isEqualTo(FileSum.of(file));
      }
      files.add(file.toString());
    }
    return files;
  }

  private static List<String> shuffled(List<String> files, long targetBytes) throws IOException {
    List<String> order = new ArrayList<>();
    for (ShuffleReader.Slots slots : ShuffleReader.ranges(files, targetBytes)) {
      ShuffleReader.read(files, slots, row -> order.add(shown(row)));
    }
    return order;
  }

  private static String shown(ShardRow row) {
    String ids = Arrays.toString(Arrays.copyOf(row.ids, row.count));
    return "%s %d %s %d%s%s"
        .formatted(row.docId, row.part, row.group, row.offset, ids, keptAsWritten(row));
  }

  private static boolean keptAsWritten(ShardRow row) {
    long i = row.offset;
    return Arrays.deepEquals(
        row.kept, new Object[] {("k" + i).getBytes(UTF_8), i, i / 3.0, i % 2 == 0, null});
  }

  @Test
  void keepsTheValuesOfKeptFields() throws IOException {
    assertThat(shuffled(setAside(1, 1 << 20), Long.MAX_VALUE))
        .allMatch(row -> row.endsWith("true"));
  }

  @Test
  void isAPermutationWhateverTheRunsAndRangesAndTheSeedMatters() throws IOException {
    List<String> one = shuffled(setAside(1, 1 << 20), Long.MAX_VALUE);
    assertThat(one).doesNotHaveDuplicates().hasSize(3 * ROWS);
    assertThat(shuffled(setAside(1, 1 << 20), 1)).isEqualTo(one);
    assertThat(shuffled(setAside(1, 100), 2000)).isEqualTo(one);
    assertThat(shuffled(setAside(2, 1 << 20), 2000))
        .isNotEqualTo(one)
        .containsExactlyInAnyOrderElementsOf(one);
    assertThat(ShuffleReader.ranges(setAside(1, 100), 2000)).hasSizeGreaterThan(10);
  }

  @Test
  void neighboursComeFromAnyUnit() throws IOException {
    List<String> order = shuffled(setAside(1, 1 << 20), Long.MAX_VALUE);
    long same = 0;
    for (int i = 1; i < order.size(); i++) {
      same += order.get(i).charAt(0) == order.get(i - 1).charAt(0) ? 1 : 0;
    }
    assertThat(same).isBetween(order.size() / 4L, order.size() / 2L); // a third, and the parts
  }

  @Test
  void thePartsOfADocumentStayTogetherInTheirOrder() throws IOException {
    List<String> order = shuffled(setAside(5, 500), 3000);
    for (int i = 0; i < order.size(); i++) {
      String[] words = order.get(i).split(" ", -1);
      if (words[1].equals("1")) {
        assertThat(order.get(i - 1)).startsWith(words[0] + " 0 ");
      }
    }
  }

  @Test
  void aFileThatIsCutShortIsNamed() throws IOException {
    Path file = Path.of(setAside(1, 1 << 20).get(0));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> ShuffleReader.ranges(List.of(file.toString()), 1000))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("run the job again");
    Files.write(file, new byte[10]);
    assertThatThrownBy(() -> ShuffleReader.ranges(List.of(file.toString()), 1000))
        .isInstanceOf(UnusableFileException.class);
  }

  @Test
  void aFileWithoutRoomForItsRunsIsNamed() throws IOException {
    Path file = Path.of(setAside(1, 1 << 20).get(0));
    byte[] bytes = Files.readAllBytes(file);
    List<String> files = List.of(file.toString());
    for (int runs : new int[] {-1, 1000}) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 12, runs);
      Files.write(file, bytes);
      assertThatThrownBy(() -> ShuffleReader.read(files, new ShuffleReader.Slots(0, 1), row -> {}))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("is damaged or truncated");
    }
  }

  @Test
  void aKeptValueOfAnUnknownTypeIsRefused() {
    ShardRow row = new ShardRow();
    row.kept = new Object[] {7};
    ByteBuilder out = new ByteBuilder(256);
    assertThatThrownBy(() -> ShuffledRowCodec.write(out, 1, 0, 0, row))
        .isInstanceOf(IllegalArgumentException.class);
    row.kept = new Object[] {true};
    out.clear();
    ShuffledRowCodec.write(out, 1, 0, 0, row);
    byte[] bytes = out.toByteArray();
    int letter = bytes.length - 2 * Integer.BYTES - 1; // before the numbers of pieces and ids
    assertThat(bytes[letter]).isEqualTo((byte) 't');
    bytes[letter] = 'x';
    assertThatThrownBy(
            () -> ShuffledRowCodec.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)))
        .isInstanceOf(UnusableFileException.class);
  }

  /** Keys of all documents, sorted as a whole: what the two passes do in pieces. */
  @Test
  void documentsFollowInTheOrderOfTheirKeys() throws IOException {
    long seed = Seeds.next();
    List<String> files = new ArrayList<>();
    TreeMap<String, Long> keyed = new TreeMap<>();
    for (int unit = 0; unit < 2; unit++) {
      Path file = dir.resolve("keyed-" + unit);
      try (ShuffleWriter out = new ShuffleWriter(file, seed, unit, 5_000)) {
        for (int i = 0; i < 4000; i++) {
          ShardRow row = new ShardRow();
          row.docId = unit + "/" + i;
          row.ids = new int[] {i};
          row.count = 1;
          out.write(row);
          keyed.put(row.docId, ShuffledRow.key(seed, unit, i));
        }
        out.finish();
      }
      files.add(file.toString());
    }
    List<String> order = new ArrayList<>();
    for (ShuffleReader.Slots slots : ShuffleReader.ranges(files, 20_000)) {
      ShuffleReader.read(files, slots, row -> order.add(row.docId));
    }
    assertThat(order)
        .isEqualTo(
            keyed.entrySet().stream()
                .sorted((a, b) -> Long.compareUnsigned(a.getValue(), b.getValue()))
                .map(Map.Entry::getKey)
                .toList());
  }
}
