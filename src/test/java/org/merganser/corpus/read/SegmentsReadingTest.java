package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.parquet.schema.Type.Repetition.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.shard.Duck;
import org.merganser.text.scan.CutRule;

/** Records whose text is a list of segments. */
final class SegmentsReadingTest {
  @TempDir Path folder;

  /** Notes what a reader hands on: each segment as its text, with + where it has loss. */
  private static final class Notes implements DocumentHandler {
    final List<String> documents = new ArrayList<>();
    final List<String> letters = new ArrayList<>();

    @Override
    public void document(Document document) {
      StringBuilder noted = new StringBuilder(document.id);
      int start = document.from;
      for (int i = 0; i < document.segmentCount(); i++) {
        int end = document.segmentEnd(i);
        boolean loss = document.segments != null && document.segments.hasLoss(i);
        noted.append(loss ? " +" : " -");
        noted.append(new String(document.text, start, end - start, ISO_8859_1));
        start = end;
      }
      assertThat(start).isEqualTo(document.to);
      documents.add(noted.toString());
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      letters.add(letter.offset() + " " + letter.reason().label() + ": " + letter.detail());
    }

    @Override
    public void rangeRead(RangeReceipt receipt) {
      assertThat(receipt.documents()).isEqualTo(documents.size());
    }
  }

  private Notes read(InvalidUtf8 mode, long limit, @Nullable CutRule rule, byte[] lines)
      throws IOException {
    return read(
        mode, limit, rule, Files.write(folder.resolve("a.jsonl"), lines), InputFormat.JSONL);
  }

  private static Notes read(
      InvalidUtf8 mode, long limit, @Nullable CutRule rule, Path path, InputFormat format)
      throws IOException {
    CorpusSettings settings =
        CorpusSettings.builder(CorpusInput.of(List.of(path.toString())))
            .format(format)
            .segmentsField("chat.parts")
            .maxDocumentBytes(limit)
            .maxWholeDocumentBytes(2 * limit)
            .invalidUtf8(mode)
            .build();
    Notes notes = new Notes();
    UnitReader reader = new UnitReader(settings, rule);
    for (WorkUnit unit : CorpusPlanner.plan(CorpusPlanner.list(settings))) {
      reader.read(unit, notes);
    }
    return notes;
  }

  private Notes read(String... parts) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      lines.append("{\"id\":%s,\"chat\":{\"parts\":%s}}\n".formatted(i, parts[i]));
    }
    return read(InvalidUtf8.DEAD_LETTER, 1 << 20, null, lines.toString().getBytes(UTF_8));
  }

  @Test
  void joinsTheTextsAndKeepsTheirEndsAndFlags() throws IOException {
    Notes notes =
        read(
            "[{\"text\":\"a\\nb\",\"loss\":false},{\"loss\":true,\"text\":\"c\",\"n\":[{}]}]",
            " [ {\"text\" : \"\", \"loss\" : true } , { \"text\":\"d\",\"loss\":false} ] ",
            "[{\"text\":\"\",\"loss\":true}]",
            "[{\"text\":\"x\",\"text\":\"y\",\"loss\":false,\"loss\":true}]");
    assertThat(notes.letters).isEmpty();
    assertThat(notes.documents).containsExactly("0 -a\nb +c", "1 + -d", "2 +", "3 +y");
  }

  @Test
  void saysWhatIsWrongWithALineThatHasNoSegments() throws IOException {
    Notes notes =
        read(
            "\"a\"",
            "null",
            "[]",
            "[ ]",
            "[\"a\"]",
            "[{\"text\":\"a\",\"loss\":true},{\"loss\":true}]",
            "[{\"text\":\"a\"}]",
            "[{\"text\":\"a\",\"loss\":1}]",
            "[{\"text\":null,\"loss\":true}]",
            "[{\"text\":[],\"loss\":true}]",
            "[{\"text\":\"a\",\"loss\":true},]",
            "[{\"text\":\"half \\ud83c\",\"loss\":true},{\"text\":\"\\udf32\",\"loss\":true}]",
            "[{\"text\":\"whole\",\"loss\":true}]");
    assertThat(notes.documents).containsExactly("12 +whole");
    assertThat(notes.letters)
        .extracting(letter -> letter.substring(letter.indexOf(' ') + 1))
        .containsExactly(
            "text-not-string: field chat.parts is a string, not a list of segments",
            "missing-text: field chat.parts is null, not a list of segments",
            "invalid-segments: field chat.parts: the list of segments is empty",
            "invalid-segments: field chat.parts: the list of segments is empty",
            "invalid-segments: field chat.parts: segment 0 is a string, not an object with text and"
                + " loss",
            "invalid-segments: field chat.parts: segment 1 has nothing as its text, not a string",
            "invalid-segments: field chat.parts: segment 0 has nothing as its loss, not true or"
                + " false",
            "invalid-segments: field chat.parts: segment 0 has a number as its loss, not true or"
                + " false",
            "invalid-segments: field chat.parts: segment 0 has null as its text, not a string",
            "invalid-segments: field chat.parts: segment 0 has a list as its text, not a string",
            "invalid-json: not JSON: expected a value, at byte 51 of the line",
            "invalid-utf8: field chat.parts: segment 0 is not UTF-8");
    assertThat(notes.letters.get(2)).startsWith("61 ");
  }

  @Test
  void judgesEachSegmentByItself() throws IOException {
    // The two bytes of é, one in each segment.
    byte[] line =
        "{\"id\":1,\"chat\":{\"parts\":[{\"text\":\"aÃ\",\"loss\":true},{\"text\":\"©b\",\"loss\":false}]}}\n"
            .getBytes(ISO_8859_1);
    Notes strict = read(InvalidUtf8.DEAD_LETTER, 1 << 20, null, line);
    assertThat(strict.letters)
        .containsExactly("0 invalid-utf8: field chat.parts: segment 0 is not UTF-8");
    String mark = new String("\uFFFD".getBytes(UTF_8), ISO_8859_1);
    assertThat(read(InvalidUtf8.REPLACE, 1 << 20, null, line).documents)
        .containsExactly("1 +a" + mark + " -" + mark + "b");
    assertThat(read(InvalidUtf8.BYTES, 1 << 20, null, line).documents).containsExactly("1 +aÃ -©b");
  }

  @Test
  void doesNotCutADocumentWithSegments() throws IOException {
    CutRule anywhere = (text, from, to) -> to - 1;
    String segment = "{\"text\":\"" + "x".repeat(900) + "\",\"loss\":true}";
    String line = "{\"id\":1,\"chat\":{\"parts\":[" + segment + "," + segment + "]}}\n";
    String longer =
        "{\"id\":2,\"chat\":{\"parts\":[" + segment + "," + segment + "," + segment + "]}}\n";
    Notes notes = read(InvalidUtf8.DEAD_LETTER, 1024, anywhere, (line + longer).getBytes(UTF_8));
    String text = "x".repeat(900);
    assertThat(notes.documents).containsExactly("1 +" + text + " +" + text);
    assertThat(notes.letters).hasSize(1);
    assertThat(notes.letters.get(0)).contains("too-large: the text has 2700 bytes");
  }

  @Test
  void aListInParquetIsReadLikeOneInJson() throws Exception {
    Random random = new Random(Seeds.next());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      List<String> parts = new ArrayList<>();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        String text = "é\\n".repeat(random.nextInt(3)) + i;
        parts.add(
            "{\"role\":\"r\",\"text\":\"%s\",\"loss\":%s}".formatted(text, random.nextBoolean()));
      }
      lines.append("{\"id\":%s,\"chat\":{\"parts\":%s}}\n".formatted(i, parts));
    }
    Notes json = read(InvalidUtf8.DEAD_LETTER, 1 << 20, null, lines.toString().getBytes(UTF_8));
    Path parquet = folder.resolve("a.parquet");
    Duck.query("COPY (SELECT * FROM read_json('%s')) TO '%s'", folder.resolve("a.jsonl"), parquet);
    Notes notes = read(InvalidUtf8.DEAD_LETTER, 1 << 20, null, parquet, InputFormat.PARQUET);
    assertThat(notes.documents).hasSize(500).isEqualTo(json.documents);
    assertThat(notes.letters).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithARowThatHasNoSegments() throws Exception {
    Path parquet = folder.resolve("bad.parquet");
    String type = "STRUCT(parts STRUCT(text VARCHAR, loss BOOLEAN)[])";
    Duck.query(
        "COPY (SELECT id, chat::%s chat FROM (VALUES (0, {parts: [{text: 'a', loss: true}]}), (1,"
            + " {parts: []}), (2, {parts: NULL}), (3, NULL), (4, {parts: [NULL]}), (5, {parts:"
            + " [{text: NULL, loss: true}]}), (6, {parts: [{text: 'a', loss: true}, {text: 'b',"
            + " loss: NULL}]})) t(id, chat)) TO '%s'",
        type, parquet);
    Notes notes = read(InvalidUtf8.DEAD_LETTER, 1 << 20, null, parquet, InputFormat.PARQUET);
    assertThat(notes.documents).containsExactly("0 +a");
    assertThat(notes.letters)
        .containsExactly(
            "1 invalid-segments: column chat.parts: the list of segments is empty",
            "2 missing-text: column chat.parts is null",
            "3 missing-text: column chat.parts is null",
            "4 invalid-segments: column chat.parts: segment 0 is null, not an object with text and"
                + " loss",
            "5 invalid-segments: column chat.parts: segment 0 has null as its text, not a string",
            "6 invalid-segments: column chat.parts: segment 1 has null as its loss, not true or"
                + " false");
    Path other = folder.resolve("other.parquet");
    Duck.query("COPY (SELECT {parts: [{text: 'a', loss: 1}]} chat) TO '%s'".formatted(other));
    assertThat(read(InvalidUtf8.DEAD_LETTER, 1 << 20, null, other, InputFormat.PARQUET).letters)
        .singleElement()
        .asString()
        .contains("text-not-string: column chat.parts is \"")
        .contains("not a list of groups with a string text and a boolean loss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repeated group parts { required binary text (STRING); required boolean loss; }",
        "required group parts (LIST) { repeated group array { required binary text (STRING);"
            + " required boolean loss; } }",
        "optional group parts (LIST) { repeated group bag { optional group item { optional boolean"
            + " loss; optional binary text; } } }"
      })
  void everyFormOfListIsRead(String parts) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int32 id; required group chat { " + parts + " } }");
    Path path = folder.resolve("lists.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      // The two bytes of é, one in each segment.
      for (byte[][] texts : new byte[][][] {{{'a'}, {'b', 'c'}}, {{(byte) 0xC3}, {(byte) 0xA9}}}) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("id", texts[0].length + texts[1].length);
        Group chat = row.addGroup("chat");
        Group list =
            chat.getType().getType("parts").isRepetition(REPEATED) ? chat : chat.addGroup(0);
        for (int i = 0; i < 2; i++) {
          Group element = list.addGroup(0);
          element = element.getType().containsField("item") ? element.addGroup(0) : element;
          element.add("text", Binary.fromConstantByteArray(texts[i]));
          element.add("loss", i == 1);
        }
        writer.write(row);
      }
    }
    Notes strict = read(InvalidUtf8.DEAD_LETTER, 1 << 20, null, path, InputFormat.PARQUET);
    assertThat(strict.documents).containsExactly("3 -a +bc");
    assertThat(strict.letters)
        .containsExactly("1 invalid-utf8: column chat.parts: segment 0 is not UTF-8");
    String mark = new String("\uFFFD".getBytes(UTF_8), ISO_8859_1);
    assertThat(read(InvalidUtf8.REPLACE, 1 << 20, null, path, InputFormat.PARQUET).documents)
        .containsExactly("3 -a +bc", "2 -" + mark + " +" + mark);
    assertThat(read(InvalidUtf8.BYTES, 1 << 20, null, path, InputFormat.PARQUET).documents)
        .containsExactly("3 -a +bc", "2 -\u00C3 +\u00A9");
  }

  @Test
  void doesNotCutADocumentOfParquetWithSegments() throws Exception {
    Path parquet = folder.resolve("long.parquet");
    Duck.query(
        "COPY (SELECT n id, {parts: list_transform(range(n), x -> {text: repeat('x', 900), loss:"
            + " true})} chat FROM (VALUES (2), (3)) t(n)) TO '%s'",
        parquet);
    CutRule anywhere = (text, from, to) -> to - 1;
    Notes notes = read(InvalidUtf8.DEAD_LETTER, 1024, anywhere, parquet, InputFormat.PARQUET);
    assertThat(notes.documents).containsExactly("2 +" + "x".repeat(900) + " +" + "x".repeat(900));
    assertThat(notes.letters).singleElement().asString().contains("too-large: the text has 2700");
  }
}
