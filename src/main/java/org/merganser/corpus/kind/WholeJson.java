package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;

/** Files that are one JSON value: an array of records, or an object with its records in a list. */
public final class WholeJson {
  /** The kind of a file with all records in one array, if lines of objects are expected. */
  public static final String ARRAY =
      "the file is one JSON array, and format jsonl reads an object a line: name the format json"
          + " for this file";

  /** A list whose first item is an object or a list, but not a turn of a chat. */
  private static final Pattern RECORDS =
      Pattern.compile("(\u00ef\u00bb\u00bf)?\\s*\\[\\s*(\\[|\\{(?![^{}]*\"(role|from)\"\\s*:))");

  /** An object in which a list of records is searched no deeper than this. */
  private static final int DEPTH = 3;

  private WholeJson() {}

  /** Whether a file begins like an array of records, not like the turns of a chat. */
  public static boolean beginsWithRecords(byte[] bytes, int from, int to) {
    int length = Math.min(to - from, FileKinds.SAMPLE);
    return RECORDS.matcher(new String(bytes, from, length, ISO_8859_1)).lookingAt();
  }

  /**
   * The kind of a file that is one object over several lines with its records in a list.
   *
   * @param head the first bytes of the file
   */
  public static @Nullable FileKind wrapped(byte[] head) {
    Lists lists = Lists.of(head, 0, head.length);
    return lists.overLines ? lists.kind("") : null;
  }

  /**
   * The kind of a file that is one object on one line and has a list of objects. It may also be one
   * record, which only its author knows.
   */
  public static @Nullable FileKind ofOneLine(byte[] line) {
    return Lists.of(line, 0, line.length)
        .kind("; if the object is one record instead, name its text with corpus.textField");
  }

  /**
   * How the records of a list in an object become lines; null for an object that has no list of
   * objects, except turns of a chat and segments.
   */
  public static @Nullable String unwrapping(byte[] bytes, int from, int to) {
    Lists lists = Lists.of(bytes, from, to);
    return lists.found.isEmpty() ? null : lists.advice();
  }

  private static String quoted(String path) {
    return '"' + path + '"';
  }

  /** The lists of objects in the object at the beginning of some bytes, in their order. */
  private static final class Lists {
    final List<String> found = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();
    boolean overLines;

    static Lists of(byte[] bytes, int from, int to) {
      Lists lists = new Lists();
      int start = from;
      if (to - from > 2 && (bytes[from] & 0xFF) == 0xEF) {
        start += 3;
      }
      while (start < to
          && (bytes[start] == ' '
              || bytes[start] == '\t'
              || bytes[start] == '\r'
              || bytes[start] == '\n')) {
        start++;
      }
      if (start < to && bytes[start] == '{') {
        lists.read(bytes, start, to);
      }
      return lists;
    }

    private void read(byte[] bytes, int from, int to) {
      int end = to;
      try (JsonParser parser = Json.MAPPER.getFactory().createParser(bytes, from, to - from)) {
        Deque<String> path = new ArrayDeque<>();
        parser.nextToken();
        object(parser, path);
        end = from + (int) parser.currentLocation().getByteOffset();
      } catch (IOException cut) {
        end = to; // the sample ends within the object, or it is not JSON
      }
      for (int i = from; i < end; i++) {
        if (bytes[i] == '\n') {
          overLines = true;
        }
      }
    }

    private void object(JsonParser parser, Deque<String> path) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        path.addLast(parser.currentName());
        JsonToken value = parser.nextToken();
        if (value == JsonToken.START_OBJECT && path.size() < DEPTH) {
          object(parser, path);
        } else if (value == JsonToken.START_ARRAY) {
          list(parser, path);
        } else {
          parser.skipChildren();
        }
        path.removeLast();
      }
    }

    private void list(JsonParser parser, Deque<String> path) throws IOException {
      int depth = 1;
      boolean first = true;
      for (JsonToken token = parser.nextToken(); depth > 0; token = parser.nextToken()) {
        if (token == null) {
          throw new IOException("the sample ends");
        }
        if (first && token == JsonToken.START_OBJECT) {
          add(parser, path);
        } else if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
          if (depth == 0) {
            return;
          }
        }
        first = false;
      }
    }

    /** Adds a list by the keys of its first item, which is read to its end. */
    private void add(JsonParser parser, Deque<String> path) throws IOException {
      Set<String> keys = new HashSet<>();
      String named = String.join(".", path);
      String command = path.stream().map(Lists::step).collect(Collectors.joining());
      int place = found.size();
      found.add(named);
      commands.add(command);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        keys.add(parser.currentName());
        if (keys.contains("role") || keys.contains("from") || keys.contains("loss")) {
          found.subList(place, found.size()).clear(); // the turns of a chat, or segments
          commands.subList(place, commands.size()).clear();
        }
        parser.nextToken();
        parser.skipChildren();
      }
    }

    private static String step(String key) {
      String quoted = key.matches("[A-Za-z_]\\w*") ? key : Json.line(key).replace("'", "'\\''");
      return "." + quoted;
    }

    @Nullable FileKind kind(String otherwise) {
      if (found.isEmpty()) {
        return null;
      }
      String name = "one JSON object with its records in the list " + quoted(found.get(0));
      return new FileKind(name, advice() + otherwise, true, true);
    }

    String advice() {
      String all =
          found.size() == 1
              ? ""
              : "; its other lists of objects are "
                  + found.stream().skip(1).map(WholeJson::quoted).collect(Collectors.joining(", "))
                  + ", and jq -c . FILE > FILE.jsonl makes one line of the object";
      return "jq -c '%s[]' FILE > FILE.jsonl makes a line of each%s"
          .formatted(commands.get(0), all);
    }
  }
}
