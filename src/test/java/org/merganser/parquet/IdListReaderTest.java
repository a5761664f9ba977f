package org.merganser.parquet;

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
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/** Shards as Parquet's own library writes them: other pages, levels and encodings than ours. */
class IdListReaderTest {
  private static final int NULL = -1;

  @TempDir Path dir;

  /** As other tools write a shard again: everything may be null, and nothing is. */
  private static MessageType optional(String idType) {
    return MessageTypeParser.parseMessageType(
        ShardColumns.DOCUMENTS
            .schema()
            .toString()
            .replace("required group token_ids", "optional group token_ids")
            .replace("required int32 element", "optional " + idType + " element"));
  }

  private Path write(
      List<int[]> lists, MessageType schema, WriterVersion version, boolean dictionary)
      throws IOException {
    Path file = dir.resolve(version + "-" + dictionary + ".parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withWriterVersion(version)
            .withDictionaryEncoding(dictionary)
            .withPageSize(700)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (int[] ids : lists) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("doc_id", "d");
        row.add("file", "f");
        row.add("offset", 1L);
        row.add("part", 0);
        row.add("num_tokens", ids.length);
        Group list = row.addGroup("token_ids");
        boolean wide = schema.toString().contains("int64 element");
        for (int id : ids) {
          Group element = list.addGroup("list");
          if (id == NULL) {
            continue;
          } else if (wide) {
            element.add("element", (long) id);
          } else {
            element.add("element", id);
          }
        }
        writer.write(row);
      }
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET_1_0,true,false",
    "PARQUET_1_0,false,false",
    "PARQUET_2_0,true,false",
    "PARQUET_2_0,false,false",
    "PARQUET_1_0,true,true",
    "PARQUET_2_0,false,true"
  })
  void readsEveryEncodingOfParquetsOwnWriter(
      WriterVersion version, boolean dictionary, boolean optional) throws IOException {
    MessageType schema = optional ? optional("int32") : ShardColumns.DOCUMENTS.schema();
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<int[]> lists = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int length = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(400);
      lists.add(random.ints(length, 0, 1 + random.nextInt(300)).toArray());
    }
    try (ShardReader in = new ShardReader(write(lists, schema, version, dictionary))) {
      ShardRow row = new ShardRow();
      for (int[] list : lists) {
        assertThat(in.next(row)).isTrue();
        assertThat(Arrays.copyOf(row.ids, row.count)).as("seed " + seed).isEqualTo(list);
      }
      assertThat(in.next(row)).isFalse();
    }
  }

  @Test
  void refusesNullsAndOtherNumbers() throws IOException {
    WriterVersion version = WriterVersion.PARQUET_1_0;
    Path nulls = write(List.of(new int[] {1, NULL, 2}), optional("int32"), version, true);
    assertThatThrownBy(() -> readOne(nulls))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(nulls + " is damaged: a null in a list of ids");
    Path wide = write(List.of(new int[] {1, 2}), optional("int64"), version, false);
    assertThatThrownBy(() -> readOne(wide))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(wide + ": column token_ids.list.element is optional int64 element")
        .hasMessageEndingWith("not a list of INT32; write the shard again");
  }

  private static void readOne(Path file) throws IOException {
    try (ShardReader in = new ShardReader(file)) {
      in.next(new ShardRow());
    }
  }

  @Test
  void readsRunsAndBitPackedLevels() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int[] levels = new int[random.nextInt(300)];
      int most = 1 + round % 3;
      int level = 0;
      for (int i = 0; i < levels.length; i++) {
        level = random.nextInt(round % 20 + 2) == 0 ? random.nextInt(most + 1) : level;
        levels[i] = level;
      }
      LevelReader in = new LevelReader(most);
      in.begin(encoded(levels, most == 1 ? 1 : 2));
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

  private static ByteBuffer encoded(int[] levels, int width) throws IOException {
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(width, 64, 1024, new HeapByteBufferAllocator())) {
      for (int level : levels) {
        encoder.writeInt(level);
      }
      return ByteBuffer.wrap(encoder.toBytes().toInputStream().readAllBytes());
    }
  }

  @Test
  void refusesLevelsThatEndTooSoonOrAreNoLevels() {
    LevelReader in = new LevelReader(1);
    in.begin(ByteBuffer.wrap(new byte[] {2, 1}));
    assertThat(in.level()).isEqualTo(1);
    assertThat(in.length()).isEqualTo(1);
    in.skip(1);
    assertThatThrownBy(in::level).hasMessage("the levels of a page end before its values");
    in.begin(ByteBuffer.wrap(new byte[] {2, 2}));
    assertThatThrownBy(in::level).hasMessage("a level of 2, but the highest is 1");
    in.begin(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, -1, -1}));
    assertThatThrownBy(in::level).hasMessageContaining("more than 32 bits");
  }
}
