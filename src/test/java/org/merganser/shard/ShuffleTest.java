package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.parquet.ShardException;

class ShuffleTest {
  private static final int ROWS = 400;

  @TempDir Path dir;

  private record LocalFile(Path path) implements ShuffleReader.Source {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public long size() throws IOException {
      return Files.size(path);
    }

    @Override
    public InputStream open(long position) throws IOException {
      InputStream in = Files.newInputStream(path);
      in.skipNBytes(position);
      return in;
    }
  }

  /** Three units; every tenth document has two parts. */
  private List<LocalFile> setAside(long seed, int runBytes) throws IOException {
    List<LocalFile> files = new ArrayList<>();
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
          out.write(row);
        }
        out.finish();
      }
      files.add(new LocalFile(file));
    }
    return files;
  }

  private static List<String> shuffled(List<LocalFile> files, long targetBytes) throws IOException {
    List<String> order = new ArrayList<>();
    for (ShuffleReader.Slots slots : ShuffleReader.ranges(files, targetBytes)) {
      ShuffleReader.read(
          files,
          slots,
          row ->
              order.add(
                  row.docId
                      + " "
                      + row.part
                      + " "
                      + row.group
                      + " "
                      + row.offset
                      + Arrays.toString(Arrays.copyOf(row.ids, row.count))));
    }
    return order;
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
    LocalFile file = setAside(1, 1 << 20).get(0);
    byte[] bytes = Files.readAllBytes(file.path());
    Files.write(file.path(), Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> ShuffleReader.ranges(List.of(file), 1000))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining(file.name())
        .hasMessageContaining("run the job again");
    Files.write(file.path(), new byte[10]);
    assertThatThrownBy(() -> ShuffleReader.ranges(List.of(file), 1000))
        .isInstanceOf(ShardException.class);
  }
}
