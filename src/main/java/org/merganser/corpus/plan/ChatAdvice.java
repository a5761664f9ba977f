package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.read.JsonSample;
import org.merganser.json.Json;

/**
 * Advises how the chats in the records of a corpus become segments. A chat is a list of turns such
 * as {@code {"role", "content"}}; it is text only after the template of a model has rendered it.
 */
public final class ChatAdvice {
  /** The text of the advice, with places for what differs. */
  private static final String RENDER = WholeFile.resource(ChatAdvice.class, "ChatAdvice.txt");

  /**
   * The command of the program that the advice tells users to save, without its input and output.
   */
  public static final String PROGRAM = "python3 render.py";

  /** The part of the advice on files that are not JSON lines. */
  private static final String ANY_FILE =
      """
      , and FILE.jsonl are the records as JSON lines
      (jq -c '.[]' FILE.json > FILE.jsonl makes them of an array, and of Parquet
      duckdb -c "COPY (FROM read_parquet('FILE')) TO 'FILE.jsonl' (FORMAT json)")\
      """;

  private ChatAdvice() {}

  /**
   * The advice how the chats of a line of JSON, an item or an array become segments, after a
   * semicolon; "" if there are none.
   *
   * @param next the command to type afterwards
   */
  public static String advice(byte[] line, String next) {
    String text = new String(line, UTF_8).replace('\n', ' '); // an item may have several lines
    String render = null; // the line may be of any file
    List<Map<String, Object>> records = JsonSample.ofLines(text);
    if (text.startsWith("[")) { // only the first item counts
      records.addAll(JsonSample.ofLines(text.substring(1)));
    }
    return records.stream()
        .flatMap(record -> record.entrySet().stream())
        .filter(field -> field.getValue() instanceof JsonNode list && JsonSample.beginsChat(list))
        .map(field -> "; " + advice(field.getKey(), (JsonNode) field.getValue(), render, next))
        .findFirst()
        .orElse("");
  }

  /**
   * The advice how the chats of a field become segments.
   *
   * @param path of the field; "" for lines that are chats
   * @param list a chat of the field
   * @param render the commands that pass the records of a file to {@link #PROGRAM}; null for any
   *     file
   * @param next the command to type afterwards
   */
  public static String advice(String path, JsonNode list, @Nullable String render, String next) {
    return RENDER.formatted(
        path.isEmpty() ? "each line" : "field " + path,
        render == null ? ANY_FILE : "",
        turnsInPython(path, list),
        render == null ? PROGRAM + " < FILE.jsonl > segments.jsonl" : render,
        next);
  }

  /** The Python expression of a line's turns as role and content, which the templates expect. */
  private static String turnsInPython(String path, JsonNode list) {
    String turns =
        path.isEmpty()
            ? "json.loads(line)"
            : FieldPath.parse(path).steps().stream()
                .map(ChatAdvice::subscript)
                .collect(Collectors.joining("", "json.loads(line)", ""));
    return list.path(0).has("role")
        ? turns
        : ("[{\"role\": {\"human\": \"user\", \"gpt\": \"assistant\"}.get(t[\"from\"],"
                + " t[\"from\"]), \"content\": t[\"value\"]} for t in %s]")
            .formatted(turns);
  }

  /** A step of a path in Python; a name in JSON is a string of Python, too. */
  private static String subscript(FieldPath.Step step) {
    String name = step.name();
    return "[" + (name == null ? String.valueOf(step.index()) : Json.line(name)) + "]";
  }
}
