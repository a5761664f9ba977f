package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shards as Parquet's own library writes them: other pages, levels and encodings than ours. */
class IdListReaderTest {
  @TempDir Path dir;

  private Path write(List<int[]> lists, WriterVersion version, boolean dictionary)
      throws IOException {
    Path file = dir.resolve(version + "-" + dictionary + ".parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(ParquetShardWriter.SCHEMA)
            .withWriterVersion(version)
            .withDictionaryEncoding(dictionary)
            .withPageSize(700)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (int[] ids : lists) {
        SimpleGroup row = new SimpleGroup(ParquetShardWriter.SCHEMA);
        row.add("doc_id", "d");
        row.add("file", "f");
        row.add("offset", 1L);
        row.add("part", 0);
        row.add("num_tokens", ids.length);
        Group list = row.addGroup("token_ids");
        for (int id : ids) {
          list.addGroup("list").add("element", id);
        }
        writer.write(row);
      }
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({"PARQUET_1_0,true", "PARQUET_1_0,false", "PARQUET_2_0,true", "PARQUET_2_0,false"})
  void readsEveryEncodingOfParquetsOwnWriter(WriterVersion version, boolean dictionary)
      throws IOException {
    long seed = Long.getLong("merganser.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<int[]> lists = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int length = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(400);
      lists.add(random.ints(length, 0, 1 + random.nextInt(300)).toArray());
    }
    try (ParquetShardReader in = new ParquetShardReader(write(lists, version, dictionary))) {
      ShardRow row = new ShardRow();
      for (int[] list : lists) {
        assertThat(in.next(row)).isTrue();
        assertThat(Arrays.copyOf(row.ids, row.count)).as("seed " + seed).isEqualTo(list);
      }
      assertThat(in.next(row)).isFalse();
    }
  }

  @Test
  void readsRunsAndBitPackedLevels() throws IOException {
    long seed = Long.getLong("merganser.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int[] levels = new int[random.nextInt(300)];
      int level = 0;
      for (int i = 0; i < levels.length; i++) {
        level = random.nextInt(round % 20 + 2) == 0 ? 1 - level : level;
        levels[i] = level;
      }
      LevelRunReader in = new LevelRunReader();
      in.begin(encoded(levels));
      int[] read = new int[levels.length];
      for (int i = 0; i < read.length; ) {
        int next = in.level();
        int run = Math.min(1 + random.nextInt(40), Math.min(in.length(), read.length - i));
        Arrays.fill(read, i, i + run, next);
        in.skip(run);
        i += run;
      }
      assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(levels);
    }
  }

  private static ByteBuffer encoded(int[] levels) throws IOException {
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(1, 64, 1024, new HeapByteBufferAllocator())) {
      for (int level : levels) {
        encoder.writeInt(level);
      }
      return ByteBuffer.wrap(encoder.toBytes().toInputStream().readAllBytes());
    }
  }

  @Test
  void refusesLevelsThatEndTooSoonOrAreNoLevels() {
    LevelRunReader in = new LevelRunReader();
    in.begin(ByteBuffer.wrap(new byte[] {2, 1}));
    assertThat(in.level()).isEqualTo(1);
    assertThat(in.length()).isEqualTo(1);
    in.skip(1);
    assertThatThrownBy(in::level).isInstanceOf(RuntimeException.class);
    in.begin(ByteBuffer.wrap(new byte[] {2, 2}));
    assertThatThrownBy(in::level).hasMessage("a level of 2 where 0 and 1 are possible");
    in.begin(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, -1, -1}));
    assertThatThrownBy(in::level).hasMessageContaining("more than 32 bits");
  }
}
