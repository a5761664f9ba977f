package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.field.JsonText;
import org.merganser.corpus.field.JsonRecord;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.CorpusSettings.InvalidUtf8;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.text.unicode.ByteBuilder;

/** Makes a document of a line of JSON; the text is not copied where it holds no escapes. */
final class JsonReader implements LineReader.Content {
  private final CorpusSettings settings;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final JsonRecord json;
  private final ByteBuilder text = new ByteBuilder(1 << 16);
  private final ByteBuilder name = new ByteBuilder(64);

  /** The last group: corpora have few, and one after the other. */
  private byte[] groupBytes = new byte[0];

  private @Nullable String group;

  JsonReader(CorpusSettings settings, RecordSink sink, MemoryCutter cutter) {
    this.settings = settings;
    this.sink = sink;
    this.cutter = cutter;
    this.json = new JsonRecord(settings.textField(), settings.idField(), settings.groupField());
  }

  @Override
  public void read(long offset, byte[] bytes, int from, int to) throws IOException {
    int value = offset == 0 && startsWithMark(bytes, from, to) ? from + 3 : from;
    if (isBlank(bytes, value, to)) {
      sink.blank();
    } else if (!json.parse(bytes, value, to)) {
      sink.dead(offset, Reason.INVALID_JSON, whyNot(offset, bytes, from, to), bytes, from, to);
    } else if (json.kind(JsonRecord.TEXT) != JsonRecord.Kind.STRING) {
      withoutText(offset, bytes, from, to);
    } else {
      document(offset, bytes, from, to);
    }
  }

  /** What is wrong with a line; each one of a file in UTF-16 says so, whoever reads it. */
  private String whyNot(long offset, byte[] bytes, int from, int to) {
    String kind = offset == 0 ? FileKind.ofBytes(bytes, from, to) : null;
    if (kind != null) {
      return kind;
    }
    for (int i = from; i < Math.min(to, from + 4); i++) {
      if (bytes[i] == 0) {
        return "not JSON: the line has NUL bytes, as in UTF-16 or UTF-32; convert the file to UTF-8";
      }
    }
    return "not JSON: " + json.error() + ", at byte " + json.errorAt() + " of the line";
  }

  /** A byte order mark before the first line is no part of the JSON in it. */
  private static boolean startsWithMark(byte[] bytes, int from, int to) {
    return to - from >= 3
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF;
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != '\r' && bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private void withoutText(long offset, byte[] bytes, int from, int to) throws IOException {
    JsonRecord.Kind kind = json.kind(JsonRecord.TEXT);
    boolean missing = kind == JsonRecord.Kind.MISSING || kind == JsonRecord.Kind.NULL;
    String detail;
    if (!json.isObject()) {
      detail = "the line is " + named(json.top()) + ", not an object; one object a line is read";
    } else if (kind == JsonRecord.Kind.MISSING) {
      String names = json.names();
      detail =
          "there is no field %s (corpus.textField); the line has %s"
              .formatted(
                  settings.textField(), names.isEmpty() ? "no field" : "the fields " + names);
    } else {
      detail = "field " + settings.textField() + " is " + named(kind) + ", not a string";
    }
    Reason reason = missing ? Reason.MISSING_TEXT : Reason.TEXT_NOT_STRING;
    sink.dead(offset, reason, detail, bytes, from, to);
  }

  private static String named(JsonRecord.Kind kind) {
    return switch (kind) {
      case NULL -> "null";
      case OBJECT, ARRAY -> "an " + kind.name().toLowerCase(Locale.ROOT);
      default -> "a " + kind.name().toLowerCase(Locale.ROOT);
    };
  }

  private void document(long offset, byte[] bytes, int from, int to) throws IOException {
    byte[] source = bytes;
    int start = json.start(JsonRecord.TEXT);
    int end = json.end(JsonRecord.TEXT);
    if (json.escaped(JsonRecord.TEXT)) {
      boolean replace = settings.invalidUtf8() == InvalidUtf8.REPLACE;
      text.clear();
      JsonText.unescape(bytes, start, end, replace, text);
      source = text.bytes();
      start = 0;
      end = text.length();
    }
    String id = string(bytes, JsonRecord.ID);
    cutter.document(
        id == null ? RecordSink.id(sink.file(), offset) : id,
        group(bytes),
        offset,
        source,
        start,
        end,
        bytes,
        from,
        to);
  }

  private @Nullable String group(byte[] bytes) {
    int start = json.start(JsonRecord.GROUP);
    int end = json.end(JsonRecord.GROUP);
    if (json.kind(JsonRecord.GROUP) == JsonRecord.Kind.STRING
        && group != null
        && Arrays.equals(bytes, start, end, groupBytes, 0, groupBytes.length)) {
      return group;
    }
    String found = string(bytes, JsonRecord.GROUP);
    if (json.kind(JsonRecord.GROUP) == JsonRecord.Kind.STRING) {
      groupBytes = Arrays.copyOfRange(bytes, start, end);
      group = found;
    }
    return found;
  }

  /** A string's text, a number or boolean as written, else null; U+FFFD for what is not UTF-8. */
  private @Nullable String string(byte[] bytes, int field) {
    int start = json.start(field);
    int length = json.end(field) - start;
    return switch (json.kind(field)) {
      case NUMBER, BOOLEAN -> new String(bytes, start, length, ISO_8859_1);
      case STRING -> {
        if (!json.escaped(field)) {
          yield new String(bytes, start, length, UTF_8);
        }
        name.clear();
        JsonText.unescape(bytes, start, start + length, true, name);
        yield new String(name.bytes(), 0, name.length(), UTF_8);
      }
      default -> null;
    };
  }
}
