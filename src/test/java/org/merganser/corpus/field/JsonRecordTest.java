package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.TestResources;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.CorpusException;

class JsonRecordTest {
  /** The twin: Jackson's tree. */
  private static final ObjectMapper JACKSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(1_000_000).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final List<String> PIECES = TestResources.list("corpus/field/json-pieces.json");

  private static String value(JsonRecord record, int field) {
    ByteBuilder out = new ByteBuilder(16);
    record.append(field, out);
    return new String(out.toByteArray(), UTF_8);
  }

  @Test
  void readsUpTo64FieldsAndRefusesMore() {
    JsonRecord most = new JsonRecord(Collections.nCopies(64, FieldPath.parse("a")), 64);
    byte[] json = "{\"a\": 7}".getBytes(UTF_8);
    assertThat(most.parse(json, 0, json.length)).isTrue();
    assertThat(value(most, 63)).isEqualTo("7");
    assertThatThrownBy(() -> new JsonRecord(Collections.nCopies(65, FieldPath.parse("a")), 0))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("are 65 fields in all; at most 64 are read from JSON");
  }

  @Test
  void agreesWithJacksonOnWhatIsJsonAndOnItsFields() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    JsonRecord record =
        new JsonRecord(
            Stream.of("text", "meta.id", "id", "text[1]", "meta[0].id", "id[1][0]", "meta.id[0]")
                .map(FieldPath::parse)
                .toList(),
            0);
    int valid = 0;
    int elements = 0;
    int cases = Seeds.cases(60_000);
    for (int i = 0; i < cases; i++) {
      String json = i % 2 == 0 ? soup(random) : mutate(tree(random, 0), random);
      byte[] bytes = ("xx" + json + "yy").getBytes(UTF_8);
      boolean ours = record.parse(bytes, 2, bytes.length - 2);
      JsonNode theirs = null;
      try {
        theirs = JACKSON.readTree(json);
      } catch (IOException notJson) {
        assertThat(notJson).isNotNull();
      }
      boolean isJson = theirs != null && !theirs.isMissingNode();
      assertThat(ours).as("seed %d, case %d: %s", seed, i, json).isEqualTo(isJson);
      if (isJson) {
        valid++;
        check(record, 0, theirs.path("text"), json);
        check(record, 1, theirs.path("meta").path("id"), json);
        check(record, 2, theirs.path("id"), json);
        check(record, 3, theirs.path("text").path(1), json);
        check(record, 4, theirs.path("meta").path(0).path("id"), json);
        check(record, 5, theirs.path("id").path(1).path(0), json);
        check(record, 6, theirs.path("meta").path("id").path(0), json);
        elements += record.kind(3) == FieldValues.Kind.MISSING ? 0 : 1;
      } else {
        assertThat(record.error()).isNotNull();
        assertThat(record.errorAt()).isBetween(0, bytes.length - 4);
      }
    }
    assertThat(valid).isGreaterThan(cases / 10);
    assertThat(elements).isGreaterThan(cases / 600);
  }

  private static void check(JsonRecord record, int field, JsonNode node, String json) {
    FieldValues.Kind kind = record.kind(field);
    assertThat(kind.name()).as(json).isEqualTo(node.getNodeType().name());
    if (kind == FieldValues.Kind.STRING) {
      assertThat(value(record, field)).as(json).isEqualTo(node.textValue());
    }
  }

  private static String soup(Random random) {
    StringBuilder json = new StringBuilder(random.nextBoolean() ? "{" : "");
    for (int n = random.nextInt(12); n > 0; n--) {
      json.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return json.append(random.nextBoolean() ? "}" : "").toString();
  }

  private static String tree(Random random, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(depth > 4 ? 3 : 5);
    String space = random.nextInt(4) == 0 ? " " : "";
    StringBuilder out = new StringBuilder();
    switch (kind) {
      case 0, 3 -> {
        out.append('{').append(space);
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
          String key = new String[] {"text", "id", "meta", "x\\ty", ""}[random.nextInt(5)];
          out.append(i == 0 ? "" : ",").append('"').append(key).append('"').append(space);
          out.append(':').append(space).append(tree(random, depth + 1));
        }
        out.append(space).append('}');
      }
      case 4 -> {
        out.append('[').append(space);
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
          out.append(i == 0 ? "" : ",").append(tree(random, depth + 1));
        }
        out.append(']');
      }
      case 1 ->
          out.append(
              new String[] {"0", "-1.5e+3", "true", "null", "12345678901234567890"}
                  [random.nextInt(5)]);
      default ->
          out.append(
              new String[] {
                    "\"\"", "\"plain text, long enough\"", "\"\\u00e9\\n\"", "\"é\"", "\"{[\\\"\""
                  }
                  [random.nextInt(5)]);
    }
    return out.toString();
  }

  private static String mutate(String json, Random random) {
    if (random.nextInt(3) > 0) {
      return json;
    }
    int at = random.nextInt(json.length());
    return random.nextBoolean()
        ? json.substring(0, at)
        : json.substring(0, at)
            + PIECES.get(random.nextInt(PIECES.size()))
            + json.substring(at + 1);
  }

  /** Beside a twin that goes from byte to byte. */
  @Test
  void readsStringsWithEscapesAsOneByOne() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<String> parts =
        List.of(
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b",
            "\\u0041",
            "\\u00e9",
            "\\u20AC",
            "\\u0000",
            "\\ud83d",
            "\\uDE00",
            "\\ud83d\\ude00",
            "\\ud83dx",
            "a",
            " plain text of some length ",
            "é",
            "😀");
    for (int i = 0; i < Seeds.cases(40_000); i++) {
      StringBuilder inside = new StringBuilder();
      for (int n = random.nextInt(10); n > 0; n--) {
        inside.append(parts.get(random.nextInt(parts.size())));
      }
      String json =
          "{\"a\\u0062\":\"\\t\",\"text\":\"" + inside + "\",\"id\":\"\\n" + inside + "\"}";
      byte[] bytes = json.getBytes(UTF_8);
      boolean replacing = random.nextBoolean();
      JsonRecord record =
          new JsonRecord(
              Stream.of("text", "ab", "id").map(FieldPath::parse).toList(), replacing ? 1 : 0);
      // Twice, since the buffer of texts is reused.
      for (int k = 0; k < 2; k++) {
        assertThat(record.parse(bytes, 0, bytes.length)).as(json).isTrue();
        String message = "seed %d, case %d: %s".formatted(seed, i, json);
        byte[] expected = unescaped(inside.toString(), replacing);
        assertThat(bytes(record, 0)).as(message).isEqualTo(expected);
        assertThat(bytes(record, 1)).as(message).isEqualTo(new byte[] {'\t'});
        byte[] id = unescaped("\\n" + inside, false);
        assertThat(bytes(record, 2)).as(message).isEqualTo(id);
      }
    }
  }

  private static byte[] bytes(JsonRecord record, int field) {
    return Arrays.copyOfRange(record.bytes(field), record.start(field), record.end(field));
  }

  private static byte[] unescaped(String inside, boolean replacing) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      if (c == '\\') {
        char kind = inside.charAt(++i);
        if (kind == 'u') {
          c = (char) Integer.parseInt(inside.substring(i + 1, i + 5), 16);
          i += 4;
        } else {
          c = kind == 'n' ? '\n' : kind == 'b' ? '\b' : kind;
        }
      }
      text.append(c);
    }
    ByteBuilder out = new ByteBuilder(16);
    text.codePoints()
        .map(c -> replacing && c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
        .forEach(out::appendCodePoint);
    return out.toByteArray();
  }

  @Test
  void namesTheFirstWrongEscape() {
    JsonRecord record = new JsonRecord(List.of(FieldPath.parse("text")), 0);
    for (String wrong : List.of("\\x", "\\u12g4", "\\é", "\\\u0000")) {
      byte[] bytes = ("{\"text\":\"a\\n" + wrong + " and more\"}").getBytes(UTF_8);
      assertThat(record.parse(bytes, 0, bytes.length)).isFalse();
      assertThat(record.errorAt()).as(wrong).isEqualTo(12);
    }
    byte[] cut = "{\"text\":\"a\\u12".getBytes(UTF_8);
    assertThat(record.parse(cut, 0, cut.length)).isFalse();
    assertThat(record.error()).isEqualTo("it ends too early");
  }

  @Test
  void findsAFieldAfterAHundredThousandLevels() {
    String deep = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"text\":\"found\"}";
    byte[] bytes = deep.getBytes(UTF_8);
    JsonRecord record = new JsonRecord(List.of(FieldPath.parse("text")), 0);
    assertThat(record.parse(bytes, 0, bytes.length)).isTrue();
    assertThat(value(record, 0)).isEqualTo("found");
    assertThat(record.parse(bytes, 0, bytes.length - 30)).isFalse();
  }

  @Test
  void searchesEightBytesAtATimeAsOneByOne() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] =
            (byte)
                (random.nextInt(3) == 0
                    ? "\"\\\n\u001f\u0020".charAt(random.nextInt(5))
                    : random.nextInt(256));
      }
      int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
      int newline = -1;
      int special = bytes.length;
      for (int k = bytes.length - 1; k >= from; k--) {
        newline = bytes[k] == '\n' ? k : newline;
        int b = bytes[k] & 0xFF;
        special = b < 0x20 || b == '"' || b == '\\' ? k : special;
      }
      assertThat(ByteSearch.indexOf(bytes, from, bytes.length, (byte) '\n')).isEqualTo(newline);
      assertThat(ByteSearch.endOfPlainJson(bytes, from, bytes.length)).isEqualTo(special);
    }
  }
}
