package org.merganser.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.Reading.file;
import static org.merganser.corpus.Reading.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.corpus.CorpusSettings.Format;
import org.merganser.corpus.CorpusSettings.InvalidUtf8;

class ParquetReadingTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message hf {
            required int32 number;
            optional binary text (STRING);
            optional group meta { optional binary id (STRING); optional binary lang (STRING); }
            repeated binary tags (STRING);
            required binary url (STRING);
          }
          """);

  @TempDir Path folder;

  /** Writes rows "text i" with many row groups. */
  static Path write(Path path, int rows, CompressionCodecName codec) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(codec)
            .withRowGroupSize(4096L)
            .withPageSize(512)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (int i = 0; i < rows; i++) {
        SimpleGroup row = new SimpleGroup(SCHEMA);
        row.add("number", i);
        if (i % 50 != 7) {
          row.add("text", "text " + i + " é" + (i % 3 == 0 ? "" : "x".repeat(i % 40)));
        }
        Group meta = row.addGroup("meta");
        if (i % 5 != 0) {
          meta.add("id", "id" + i);
        }
        meta.add("lang", i % 2 == 0 ? "en" : "de");
        row.add("tags", "a");
        row.add("tags", "b");
        row.add("url", "http://example.org/" + i);
        writer.write(row);
      }
    }
    return path;
  }

  private static CorpusSettings fields(Object input, String text, String id, String group) {
    return new CorpusSettings(
        List.of(input.toString()), Format.AUTO, text, id, group, 1 << 20, InvalidUtf8.DEAD_LETTER);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void readsTextIdAndGroupOfEveryRow(CompressionCodecName codec) throws IOException {
    Path path = write(folder.resolve("a.parquet"), 200, codec);
    Reading reading = Reading.of(fields(path, "text", "meta.id", "meta.lang"));
    assertThat(reading.documents).hasSize(196);
    assertThat(reading.reasons()).hasSize(4).containsOnly("missing-text");
    assertThat(reading.letters.get(1).offset()).isEqualTo(57);
    assertThat(reading.documents.get(1).string()).isEqualTo("text 1 éx");
    assertThat(reading.ids().subList(0, 3)).containsExactly("a.parquet#0", "id1", "id2");
    assertThat(reading.documents.get(1).group()).isEqualTo("de");
    assertThat(reading.receipts.get(0).sha256())
        .isEqualTo(UnitReaderTest.sha256(Files.readAllBytes(path)));
  }

  @Test
  void takesNumbersAsIdsAndOneColumnForTwoThings() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 3, CompressionCodecName.UNCOMPRESSED);
    Reading reading = Reading.of(fields(path, "url", "number", "number"));
    assertThat(reading.ids()).containsExactly("0", "1", "2");
    assertThat(reading.documents.get(2).group()).isEqualTo("2");
    Reading same = Reading.of(fields(path, "url", "url", "url"));
    assertThat(same.ids()).isEqualTo(same.texts());
  }

  @Test
  void givesTheSameRowsHoweverTheFileIsCut() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 300, CompressionCodecName.SNAPPY);
    CorpusSettings settings = settings(Format.PARQUET, path);
    Reading whole = Reading.of(settings);
    long size = Files.size(path);
    for (int n : new int[] {2, 3, 17}) {
      List<Long> cuts = new ArrayList<>();
      for (int i = 1; i < n; i++) {
        cuts.add(size * i / n);
      }
      Reading split = Reading.split(settings, null, cuts);
      assertThat(split.documents.stream().map(Reading.Doc::key))
          .isEqualTo(whole.documents.stream().map(Reading.Doc::key).toList());
      assertThat(split.letters).hasSameSizeAs(whole.letters);
      assertThat(split.rawBytes()).isEqualTo(size);
    }
  }

  @Test
  void makesTheFileADeadLetterWhereTheColumnIsMissingOrNoString() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 30, CompressionCodecName.SNAPPY);
    Reading missing = Reading.of(fields(path, "content", "id", null));
    assertThat(missing.reasons()).containsExactly("missing-text");
    assertThat(missing.letters.get(0).detail())
        .isEqualTo("there is no column content; the file has number, text, meta, tags, url");
    assertThat(missing.letters.get(0).length()).isEqualTo(Files.size(path));
    assertThat(Reading.of(fields(path, "number", "id", null)).reasons())
        .containsExactly("text-not-string");
    assertThat(Reading.of(fields(path, "tags", "id", null)).reasons())
        .containsExactly("text-not-string");
  }

  @Test
  void makesADamagedFileADeadLetter() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 100, CompressionCodecName.SNAPPY);
    byte[] bytes = Files.readAllBytes(path);
    file(folder, "b.parquet", java.util.Arrays.copyOf(bytes, bytes.length / 2));
    file(folder, "c.parquet", "x".getBytes(StandardCharsets.UTF_8));
    file(folder, "d.parquet.gz", Compressed.of(Compression.GZIP, bytes));
    for (String name : List.of("b.parquet", "c.parquet", "d.parquet.gz")) {
      Reading reading = Reading.of(settings(Format.AUTO, folder.resolve(name)));
      assertThat(reading.documents).isEmpty();
      assertThat(reading.reasons()).as(name).containsExactly("corrupt");
    }
  }

  @Test
  void readsOnBehindADamagedRowGroup() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 300, CompressionCodecName.SNAPPY);
    byte[] bytes = Files.readAllBytes(path);
    java.util.Arrays.fill(bytes, 5, 400, (byte) 0x7F);
    Files.write(path, bytes);
    Reading reading = Reading.of(fields(path, "text", "number", null));
    assertThat(reading.reasons()).contains("corrupt");
    assertThat(reading.ids()).endsWith("299").doesNotContain("0");
  }

  @Test
  void dividesInvalidUtf8FromTheRest() throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { required binary text; }");
    Path path = folder.resolve("a.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (byte[] text : new byte[][] {{'a'}, {(byte) 0xFF}, {}}) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("text", Binary.fromConstantByteArray(text));
        writer.write(row);
      }
    }
    Reading reading = Reading.of(settings(Format.AUTO, path));
    assertThat(reading.texts()).containsExactly("a", "");
    assertThat(reading.ids()).containsExactly("a.parquet#0", "a.parquet#2");
    assertThat(reading.reasons()).containsExactly("invalid-utf8");
  }
}
