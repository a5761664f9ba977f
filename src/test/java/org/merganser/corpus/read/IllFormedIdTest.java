package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;

/**
 * A record whose id or group is not UTF-8 is a dead letter in every format, however a job treats
 * ill-formed text: two such ids would become one.
 */
class IllFormedIdTest {
  @TempDir Path folder;

  private static Reading read(Path path, InputFormat format, InvalidUtf8 mode) throws IOException {
    return Reading.of(
        CorpusSettings.builder(CorpusInput.of(List.of(path.toString())))
            .format(format)
            .groupField("lang")
            .invalidUtf8(mode)
            .build());
  }

  private Reading read(String latin1, InputFormat format, InvalidUtf8 mode) throws IOException {
    return read(file(folder, "a", latin1.getBytes(ISO_8859_1)), format, mode);
  }

  private static void assertTwoAreDead(Reading reading) {
    assertThat(reading.ids()).containsExactly("good");
    assertThat(reading.reasons()).containsExactly("invalid-utf8", "invalid-utf8");
    assertThat(reading.letters.get(0).detail()).contains("not UTF-8 at its byte 1");
  }

  @ParameterizedTest
  @EnumSource
  void ofJson(InvalidUtf8 mode) throws IOException {
    String[] records = {
      "{\"id\":\"a\\ud800\",\"text\":\"one\"}",
      "{\"id\":\"a\u00ff\",\"text\":\"two\"}",
      "{\"id\":\"good\",\"text\":\"three\"}"
    };
    assertTwoAreDead(read(String.join("\n", records), InputFormat.JSONL, mode));
    assertTwoAreDead(read("[" + String.join(",", records) + "]", InputFormat.JSON, mode));
  }

  @ParameterizedTest
  @EnumSource
  void ofCsv(InvalidUtf8 mode) throws IOException {
    String records = "id,text,lang\na\u00ff,one,\nb,two,b\u00fe\ngood,three,en\n";
    assertTwoAreDead(read(records, InputFormat.CSV, mode));
    assertTwoAreDead(read(records.replace(',', '\t'), InputFormat.TSV, mode));
  }

  @ParameterizedTest
  @EnumSource
  void ofWarc(InvalidUtf8 mode) throws IOException {
    StringBuilder records = new StringBuilder();
    for (String id : List.of("WARC-Record-ID: a\u00ff", "Id: a\u00fe", "Id: good")) {
      records.append("WARC/1.0\r\nWARC-Type: conversion\r\n").append(id);
      records.append("\r\nContent-Length: 4\r\n\r\ntext\r\n\r\n");
    }
    assertTwoAreDead(read(records.toString(), InputFormat.WARC, mode));
  }

  @ParameterizedTest
  @EnumSource
  void ofParquet(InvalidUtf8 mode) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary id (STRING); required binary text (STRING); }");
    Path path = folder.resolve("a.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (String id : List.of("a\u00ff", "a\u00fe", "good")) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("id", Binary.fromConstantByteArray(id.getBytes(ISO_8859_1)));
        row.add("text", "text");
        writer.write(row);
      }
    }
    assertTwoAreDead(read(path, InputFormat.PARQUET, mode));
  }

  /** The text of the same record is replaced as the job says. */
  @Test
  void aTextIsReplacedBesideAnId() throws IOException {
    String record = "{\"text\":\"a\\ud800b\",\"id\":\"\\u0061\"}";
    Reading reading = read(record, InputFormat.JSONL, InvalidUtf8.REPLACE);
    assertThat(reading.texts()).containsExactly("a\uFFFDb");
    assertThat(reading.ids()).containsExactly("a");
  }
}
