package org.merganser.pipeline.count;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.store.Scratch;

/** Tables of counts that were put aside on disk give the counts of one large table. */
final class SpilledCountsTest {
  private static void add(PretokenCounts counts, String pretoken, long count) {
    byte[] bytes = pretoken.getBytes(UTF_8);
    counts.add(bytes, 0, bytes.length, count);
  }

  @Test
  void tablesMergeToTheBlocksOfOneTable() throws IOException {
    int partitions = 5;
    Random random = new Random(Seeds.next());
    CountTables all = new CountTables(false);
    try (SpilledCounts spilled = new SpilledCounts(partitions)) {
      for (int table = 0; table < 7; table++) {
        CountTables some = new CountTables(false);
        for (int i = 0; i < 300; i++) {
          String pretoken = "p".repeat(random.nextInt(3)) + random.nextInt(200);
          long count = 1 + random.nextInt(1000);
          add(some.of(null), pretoken, count);
          add(all.of(null), pretoken, count);
        }
        spilled.add(some.pack(partitions));
      }
      byte[][] expected = all.pack(partitions);
      for (int partition = 0; partition < partitions; partition++) {
        assertThat(spilled.combined(partition)).isEqualTo(expected[partition]);
      }
    }
  }

  @Test
  void theOtherFilesAreDeletedAlthoughOneCannotBe() throws IOException {
    Set<Path> before = files();
    SpilledCounts spilled = new SpilledCounts(3);
    spilled.add(new CountTables(false).pack(3));
    Set<Path> added = files();
    added.removeAll(before);
    Path first = added.iterator().next();
    spilled.add(new CountTables(false).pack(3));
    Files.delete(first); // a folder with a file takes its place
    Path within = Files.writeString(Files.createDirectory(first).resolve("file"), "");
    assertThatThrownBy(spilled::close).isInstanceOf(DirectoryNotEmptyException.class);
    Files.delete(within);
    Files.delete(first);
    assertThat(files()).isEqualTo(before);
  }

  private static Set<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Scratch.processFolder())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("counts-"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void aPartitionWithoutPretokensIsEmpty() throws IOException {
    try (SpilledCounts spilled = new SpilledCounts(3)) {
      assertThat(spilled.combined(0)).isEmpty();
      spilled.add(new CountTables(false).pack(3));
      assertThat(spilled.combined(2)).isEmpty();
    }
  }
}
