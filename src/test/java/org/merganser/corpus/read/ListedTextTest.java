package org.merganser.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.fields;
import static org.merganser.corpus.read.Reading.file;

import java.io.IOException;
import java.nio.file.Path;
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

/** A text that is a list of strings, which line feeds join. */
final class ListedTextTest {
  @TempDir Path folder;

  @Test
  void theStringsOfAListInJsonAreLines() throws IOException {
    Path path =
        file(
            folder,
            "a.jsonl",
            """
            {"text": ["one", "t\\u0077o\\n", "", "\\u00e9"]}
            {"text": [ ]}
            {"text": ["only"]}
            {"text": ["a", 3]}
            {"text": ["a", ["b"]]}
            {"text": ["half \\ud800"]}
            """);
    Reading reading = Reading.of(fields(path, "text", "id", null));
    assertThat(reading.texts()).containsExactly("one\ntwo\n\n\né", "", "only");
    assertThat(reading.reasons())
        .containsExactly("text-not-string", "text-not-string", "invalid-utf8");
    assertThat(reading.letters.get(0).detail())
        .isEqualTo("field text is a list, and its element 1 is a number, not a string");
  }

  @Test
  void aListWithinATemplateIsStillRefused() throws IOException {
    Path path = file(folder, "a.jsonl", "{\"text\": [\"a\"]}\n");
    assertThat(Reading.of(fields(path, "{text}", "id", null)).reasons())
        .containsExactly("text-not-string");
  }

  @Test
  void theStringsOfEachFormOfListInParquetAreLines() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional group listed (LIST) { repeated group list { optional binary"
                + " element (UTF8); } } repeated binary plain (UTF8); }");
    Path path = folder.resolve("a.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      SimpleGroup row = new SimpleGroup(schema);
      Group list = row.addGroup("listed");
      list.addGroup("list").append("element", "one");
      list.addGroup("list").append("element", "é");
      row.append("plain", "p").append("plain", "q");
      writer.write(row);
      SimpleGroup withNull = new SimpleGroup(schema);
      withNull.addGroup("listed").addGroup("list");
      writer.write(withNull);
    }
    Reading listed = Reading.of(fields(path, "listed", "id", null));
    assertThat(listed.texts()).containsExactly("one\né");
    assertThat(listed.letters.get(0).detail())
        .isEqualTo("column listed is a list, and its element 0 is null, not a string");
    assertThat(Reading.of(fields(path, "plain", "id", null)).texts()).containsExactly("p\nq");
  }
}
