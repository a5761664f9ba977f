package org.merganser.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.fields;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.FooterFlips;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.shard.Duck;

/** A flipped bit in the footer of a corpus file loses no row and changes no document in silence. */
class FooterFlipsTest {
  private static final Set<Reason> DAMAGE = Set.of(Reason.CORRUPT, Reason.UNDECODABLE);

  @TempDir Path folder;

  private Path write(
      CompressionCodecName codec, WriterVersion version, boolean dictionary, String text)
      throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message rows {
              %s binary text (STRING);
              optional group meta { optional binary id (STRING); optional int64 n; }
              required int32 number;
              repeated group tags { required binary tag (STRING); }
              required boolean b;
            }
            """
                .formatted(text));
    Path path = folder.resolve(codec + "-" + version + ".parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withWriterVersion(version)
            .withCompressionCodec(codec)
            .withDictionaryEncoding(dictionary)
            .withRowGroupSize(3000L)
            .withPageSize(400)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (int i = 0; i < 120; i++) {
        SimpleGroup row = new SimpleGroup(schema);
        if (text.equals("required") || i % 40 != 7) {
          row.add("text", "text " + (dictionary ? i % 20 : i));
        }
        if (i % 9 != 0) {
          Group meta = row.addGroup("meta");
          meta.add("id", "id" + (dictionary ? i % 30 : i));
          meta.add("n", (long) i);
        }
        row.add("number", i);
        for (int tag = 0; tag < i % 3; tag++) {
          row.addGroup("tags").add("tag", "t" + tag);
        }
        row.add("b", i % 2 == 0);
        writer.write(row);
      }
    }
    return path;
  }

  /** Reads a file in three ranges, as a large one is. */
  private static Reading read(Path file, String id) throws IOException {
    long size = Files.size(file);
    return Reading.split(fields(file, "text", id, "number"), null, List.of(size / 3, 2 * size / 3));
  }

  private static void check(Path file, String id, int flips) throws IOException {
    Reading whole = read(file, id);
    Path copy = Files.copy(file, file.resolveSibling("flipped-" + file.getFileName()));
    List<List<Object>> rows = keys(read(copy, id));
    Set<List<Object>> known = new HashSet<>(rows);
    assertThat(whole.documents).isNotEmpty();
    FooterFlips.Outcome outcome =
        FooterFlips.run(
            file,
            flips,
            damaged -> {
              Reading reading = read(damaged, id);
              if (reading.letters.stream().map(DeadLetter::reason).anyMatch(DAMAGE::contains)) {
                assertThat(known.containsAll(keys(reading))).as("%s", keys(reading)).isTrue();
                return false;
              }
              if (reading.documents.isEmpty()) {
                assertThat(reading.letters.get(0).reason()).isEqualTo(Reason.TEXT_NOT_STRING);
                return false;
              }
              assertThat(keys(reading).equals(rows)).as("%s", keys(reading)).isTrue();
              assertThat(reading.reasons()).isEqualTo(whole.reasons());
              return true;
            });
    outcome.print(String.valueOf(file.getFileName()));
    assertThat(outcome.damaged()).isPositive();
    assertThat(outcome.same()).isPositive();
  }

  private static List<List<Object>> keys(Reading reading) {
    return reading.documents.stream().map(Reading.Doc::key).toList();
  }

  @ParameterizedTest
  @Tag("random")
  @CsvSource({
    "UNCOMPRESSED, PARQUET_1_0, false, required, number",
    "UNCOMPRESSED, PARQUET_1_0, true, optional, meta.id",
    "UNCOMPRESSED, PARQUET_2_0, false, required, meta.n",
    "SNAPPY, PARQUET_1_0, false, optional, meta.id",
    "GZIP, PARQUET_1_0, true, required, meta.n",
    "ZSTD, PARQUET_2_0, true, optional, meta.id",
    "SNAPPY, PARQUET_2_0, true, required, b"
  })
  void everyRowIsThereOrTheFileIsDamaged(
      CompressionCodecName codec, WriterVersion version, boolean dictionary, String text, String id)
      throws IOException {
    check(write(codec, version, dictionary, text), id, 150);
  }

  @Test
  @Tag("random")
  void filesOfAnotherWriterAreReadTheSameWay() throws Exception {
    Path file = folder.resolve("duck.parquet");
    Duck.query(
        "copy (select 'text ' || i as text, case when i %% 7 = 0 then null else i end as number,"
            + " [i, i + 1] as list from range(6000) t(i)) to '%s' (format parquet, codec 'snappy',"
            + " row_group_size 2048)",
        file);
    check(file, "number", 60);
  }

  /** Places in the second are counted from the beginning of the first, whose rows may be read. */
  @ParameterizedTest
  @CsvSource({"UNCOMPRESSED, PARQUET_1_0, true", "ZSTD, PARQUET_2_0, false"})
  void twoFilesAfterEachOtherAreDamaged(
      CompressionCodecName codec, WriterVersion version, boolean dictionary) throws IOException {
    Path file = write(codec, version, dictionary, "required");
    byte[] one = Files.readAllBytes(file);
    Files.write(file, one, StandardOpenOption.APPEND);
    Reading twice = read(file, "meta.id");
    assertThat(twice.documents).isEmpty();
    assertThat(twice.reasons()).isNotEmpty().containsOnly("corrupt");
    assertThat(twice.letters.get(0).detail())
        .contains("its file begins at byte " + one.length + ", after another; separate them");
  }
}
