package org.merganser.corpus.read;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.corpus.InputFormat;

/** Damaged Parquet files of a corpus: footers, pages and nested columns. */
class ParquetFuzzTest extends CorpusFuzz {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message m {
            optional binary text (STRING);
            required group meta { required int64 id; optional binary lang (ENUM); }
            optional double number;
            optional group tags (LIST) {
              repeated group list { optional binary element (STRING); }
            }
            required group messages (LIST) {
              repeated group list {
                optional group element {
                  required binary text (STRING);
                  required boolean loss;
                }
              }
            }
          }
          """);

  /**
   * All writers of one codec, and all codecs of one writer. Pages have no checksum, which would
   * hide what is read after it.
   */
  static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    Path folder = Files.createTempDirectory("merganser-fuzz");
    for (CompressionCodecName codec :
        List.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.LZ4_RAW,
            CompressionCodecName.ZSTD)) {
      seeds.add(write(folder.resolve(codec.name()), codec, WriterVersion.PARQUET_1_0, true));
    }
    CompressionCodecName none = CompressionCodecName.UNCOMPRESSED;
    seeds.add(write(folder.resolve("v1"), none, WriterVersion.PARQUET_1_0, false));
    seeds.add(write(folder.resolve("v2"), none, WriterVersion.PARQUET_2_0, false));
    seeds.add(write(folder.resolve("v2d"), none, WriterVersion.PARQUET_2_0, true));
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
    return seeds;
  }

  private static byte[] write(
      Path path, CompressionCodecName codec, WriterVersion version, boolean dictionary)
      throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(codec)
            .withWriterVersion(version)
            .withDictionaryEncoding(dictionary)
            .withRowGroupRowCountLimit(3)
            .withPageWriteChecksumEnabled(false)
            .build()) {
      for (int i = 0; i < 5; i++) {
        writer.write(row(i));
      }
    }
    return Files.readAllBytes(path);
  }

  private static Group row(int i) {
    Group row = new SimpleGroup(SCHEMA);
    if (i != 1) {
      row.add("text", "text of row " + i / 2);
    }
    row.addGroup("meta").append("id", (long) i).append("lang", i % 2 == 0 ? "en" : "de");
    row.add("number", i + 0.5);
    Group tags = row.addGroup("tags");
    for (int tag = 0; tag < i; tag++) {
      tags.addGroup("list").append("element", "tag");
    }
    Group messages = row.addGroup("messages");
    for (int message = 0; message < 2; message++) {
      messages
          .addGroup("list")
          .addGroup("element")
          .append("text", "message " + message)
          .append("loss", message == 1);
    }
    return row;
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsADamagedParquetFileToItsEnd(byte[] damaged) throws IOException {
    readToItsEnd(damaged, InputFormat.PARQUET);
  }
}
