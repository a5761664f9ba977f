package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.limited;
import static org.merganser.corpus.read.Reading.settings;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.plan.ChatAdvice;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.json.Json;

/** An array of records, read item by item. */
final class JsonArrayReadingTest {
  private static final String[] PIECES = {
    "a", "\"", "\\", "[", "]", "{", "}", ",", "\n", "é", "\u0001", ":", " "
  };

  @TempDir Path folder;

  private Reading read(String content) throws IOException {
    return Reading.of(settings(InputFormat.JSON, file(folder, "a.json", content)));
  }

  private static ObjectNode record(Random random) {
    ObjectNode record = Json.MAPPER.createObjectNode();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    if (random.nextInt(8) > 0) {
      record.put("text", text.toString());
    }
    if (random.nextBoolean()) {
      record.putArray("more]").add(text.toString()).addObject().put("}", 1);
    }
    return record;
  }

  /** White space as writers have it: none, lines, or two blanks a level. */
  private static String written(ArrayNode array, int style) {
    if (style == 0) {
      return array.toString();
    }
    String text = style == 1 ? array.toString() : array.toPrettyString();
    return style == 1 ? "\ufeff \r\n" + text + "\r\n" : text + "\n";
  }

  /** JSON lines are the slow twin: the same objects, one a line. */
  @Test
  void readsTheItemsAsJsonLinesWouldBe() throws IOException {
    Random random = new Random(Seeds.next());
    for (int i = 0; i < Seeds.cases(600); i++) {
      ArrayNode array = Json.MAPPER.createArrayNode();
      StringBuilder lines = new StringBuilder();
      for (int n = random.nextInt(6); n > 0; n--) {
        ObjectNode record = record(random);
        array.add(record);
        lines.append(record).append('\n');
      }
      String content = written(array, i % 3);
      Reading items = read(content);
      Reading twin = Reading.of(settings(InputFormat.JSONL, file(folder, "b", lines.toString())));
      assertThat(items.texts()).as(content).isEqualTo(twin.texts());
      assertThat(items.reasons()).isEqualTo(twin.reasons());
      assertThat(items.receipts.get(0).records()).isEqualTo(array.size());
      assertThat(items.receipts.get(0).blank()).isZero();
      assertThat(items.rawBytes()).isEqualTo(content.getBytes(UTF_8).length);
      byte[] bytes = content.getBytes(UTF_8);
      for (Reading.Doc document : items.documents) {
        int at = (int) document.offset();
        assertThat(document.id()).isEqualTo("a.json#" + at);
        assertThat(Json.MAPPER.readTree(Arrays.copyOfRange(bytes, at, bytes.length)).get("text"))
            .hasToString(Json.MAPPER.valueToTree(document.string()).toString());
      }
      for (DeadLetter letter : items.letters) {
        assertThat(letter.raw()[0]).isEqualTo((byte) '{');
        assertThat(letter.raw()[letter.raw().length - 1]).isEqualTo((byte) '}');
      }
    }
  }

  /** Wherever a file is cut, the items before the cut stay and the cut is told. */
  @Test
  void saysThatAFileIsCut() throws IOException {
    String content =
        "[{\"text\":\"one]\"},\n {\"text\":\"two\",\"n\":[1,{}]} , {\"text\":\"\\\"\"} ]";
    List<String> all = read(content).texts();
    assertThat(all).containsExactly("one]", "two", "\"");
    for (int length = 1; length < content.length(); length++) {
      Reading cut = read(content.substring(0, length));
      int whole =
          length > content.indexOf(" , ") + 1 ? 2 : length > content.indexOf("},") + 1 ? 1 : 0;
      assertThat(cut.texts()).as("%d", length).isEqualTo(all.subList(0, whole));
      assertThat(cut.reasons()).as("%d", length).containsExactly("truncated");
    }
    for (Compression compression : List.of(Compression.GZIP, Compression.ZSTD)) {
      byte[] stored = Compressed.of(compression, content.getBytes(UTF_8));
      byte[] part = Arrays.copyOf(stored, stored.length - 6);
      Path file = file(folder, "a.json" + (compression == Compression.GZIP ? ".gz" : ".zst"), part);
      assertThat(Reading.of(settings(InputFormat.JSON, file)).reasons())
          .isNotEmpty()
          .isSubsetOf("truncated", "corrupt");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "[]@0@",
        " [ ] @0@",
        "[{\"text\":\"a\"},]@1@",
        "[{\"text\":\"a\"},,{\"text\":\"b\"}]@2@invalid-json",
        "[,]@0@invalid-json",
        "[{\"text\":\"a\"} {\"text\":\"b\"}, {\"text\":\"c\"}]@1@invalid-json",
        "[{\"text\":\"a\"}}, {\"text\":\"c\"}]@1@invalid-json",
        "[{\"text\":\"a\"], {\"text\":\"c\"}]@1@invalid-json",
        "[{\"text\":\"a\"}] {}@1@truncated",
        "[1, \"a\", null, [2],"
            + " {\"text\":3}]@0@missing-text,missing-text,missing-text,missing-text,text-not-string",
        "{\"text\": \"a\"}@0@invalid-json",
        "\"a\"@0@invalid-json"
      })
  void tellsWhatIsWrongWithAnItemAndGoesOn(String content, int documents, String reasons)
      throws IOException {
    Reading reading = read(content);
    assertThat(reading.documents).as("%s", reading.letters).hasSize(documents);
    assertThat(String.join(",", reading.reasons())).isEqualTo(reasons == null ? "" : reasons);
  }

  @Test
  void namesWhatIsNoArray() throws IOException {
    assertThat(read("{\n\"text\": \"a\"\n}\n").letters.get(0).detail())
        .contains("does not begin with [")
        .contains("jq -c . FILE > FILE.jsonl");
    assertThat(read("PK\3\4").letters.get(0).detail()).contains("unzip");
    assertThat(read("").letters.get(0).detail()).contains("does not begin with [");
    assertThat(read("[1]").letters.get(0).detail()).startsWith("the item is a number");
    assertThat(read("[{\"a\":1}]").letters.get(0).detail()).contains("the item has the fields a");
  }

  @Test
  void boundsAnItemAndReadsAnArrayOfAnySizeInOneUnit() throws IOException {
    String large = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
    Path file = file(folder, "a.json", "[" + large + ", {\"text\":\"y\"}]");
    Reading reading = Reading.of(limited(InputFormat.JSON, 4096, InvalidUtf8.DEAD_LETTER, file));
    assertThat(reading.texts()).containsExactly("y");
    assertThat(reading.reasons()).containsExactly("too-large");
    StringBuilder many = new StringBuilder("[");
    int records = 900_000;
    for (int i = 0; i < records; i++) {
      many.append("{\"text\":\"").append(i).append("\"},\n");
    }
    many.setCharAt(many.length() - 2, ']');
    Path all = file(folder, "b.json", many.toString());
    List<InputFile> files = CorpusPlanner.list(settings(InputFormat.AUTO, all));
    assertThat(files.get(0).format()).isEqualTo(InputFormat.JSON);
    assertThat(CorpusPlanner.plan(files)).hasSize(1);
    assertThat(Reading.of(settings(InputFormat.AUTO, all)).documents).hasSize(records);
  }

  @Test
  void makesPartsOfALargeTextAndKeepsThemTogether() throws IOException {
    String text = "Word and word ".repeat(100);
    Path file = file(folder, "a.json", "[{\"text\":\"" + text + "\"}]");
    Reading reading =
        Reading.of(
            limited(InputFormat.JSON, 100, InvalidUtf8.DEAD_LETTER, file),
            SplitPropertyTest.CAPITALS);
    assertThat(reading.documents).hasSizeGreaterThan(10);
    assertThat(String.join("", reading.texts())).isEqualTo(text);
    assertThat(reading.receipts.get(0).documents()).isEqualTo(1);
  }

  /** Its dead letter has the item as it is written, on several lines. */
  /** White space before an array is not kept in memory, so a dead letter begins within it. */
  @Test
  void takesAnyWhiteSpaceBeforeAnArrayAndBeforeWhatIsNone() throws IOException {
    String space = " \n".repeat(150_000);
    assertThat(read(space + "[{\"text\":\"a\"}]").texts()).containsExactly("a");
    for (String rest : List.of("", "{}", "none")) {
      Reading reading = read(space + rest);
      assertThat(reading.reasons()).as(rest).containsExactly("invalid-json");
      assertThat(reading.letters.get(0).offset()).isEqualTo(1 << 18);
      assertThat(reading.letters.get(0).length()).isEqualTo(300_000 - (1 << 18) + rest.length());
    }
  }

  @Test
  void aFileThatEndsAfterACommaHasNoItemThere() throws IOException {
    DeadLetter letter = read("[{\"text\":\"a\"}, \n").letters.get(0);
    assertThat(letter.detail()).isEqualTo("the file ends before the array does");
  }

  @Test
  void aChatInAnItemIsToldHowItBecomesText() throws IOException {
    String chat =
        """
        [
          {
            "turns": [
              {"role": "user", "content": "Who?"},
              {"role": "assistant", "content": "Me."}
            ]
          }
        ]
        """;
    DeadLetter letter = read(chat).letters.get(0);
    assertThat(ChatAdvice.advice(letter.raw(), "next")).contains("field turns holds chats");
  }

  @Test
  void samplesTheFieldsOfItsFirstItems() throws IOException {
    String item = "{\"meta\": {\"lang\": \"en\"}, \"body\": \"text\"}";
    List<String> items = new ArrayList<>(List.of("1", "[]"));
    for (int i = 0; i < 40_000; i++) {
      items.add(item);
    }
    Path file = file(folder, "a.json", "\ufeff[" + String.join(",\n", items) + "]");
    List<InputFile> files = CorpusPlanner.list(settings(InputFormat.JSON, file));
    assertThat(RecordSample.of(files.get(0)))
        .hasSize(200)
        .first()
        .hasToString("{meta.lang=en, body=text}");
  }
}
