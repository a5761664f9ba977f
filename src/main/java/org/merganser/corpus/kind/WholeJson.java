package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.field.ByteOrderMark;

/**
 * Files that are one JSON value: an array of records or texts, or an object with its records in a
 * list, in columns or in its keys. {@link JsonOutline} finds where the records are; this class has
 * the names and the advice for users.
 */
public final class WholeJson {
  /** The detail of a dead letter, if a file is one array and lines of objects are expected. */
  public static final String ARRAY =
      "the file is one JSON array, and format jsonl reads an object a line: name the format json"
          + " for this file";

  /** Usual names of fields with the text of a record, the most common first. */
  public static final List<String> TEXT_NAMES = List.of("text", "content", "body", "document");

  /** What may come before the value: a byte order mark and white space. */
  private static final String BEFORE_VALUE = "(" + ByteOrderMark.LATIN_1 + ")?\\s*";

  /** A list whose first item is an object or a list, but not a turn of a chat. */
  private static final Pattern RECORDS =
      Pattern.compile(BEFORE_VALUE + "\\[\\s*(\\[|\\{(?![^{}]*\"(role|from)\"\\s*:))");

  /** A list whose first item is a string. */
  private static final Pattern TEXTS = Pattern.compile(BEFORE_VALUE + "\\[\\s*\"");

  private static final FileKind OF_TEXTS =
      kind(
          "one JSON array of texts",
          "jq -c '.[] | {text: .}' FILE > FILE.jsonl makes a record of each");

  private WholeJson() {}

  /** A kind of UTF-8 that has text and is not read as it is. */
  private static FileKind kind(String name, String advice) {
    boolean holdsText = true;
    boolean decodes = false;
    boolean isUtf8 = true;
    return new FileKind(name, advice, holdsText, decodes, isUtf8);
  }

  /** Whether a file begins like an array of records, not like the turns of a chat. */
  public static boolean beginsWithRecords(byte[] bytes, int from, int to) {
    return begins(RECORDS, bytes, from, to);
  }

  private static boolean begins(Pattern pattern, byte[] bytes, int from, int to) {
    int length = Math.min(to - from, FileKindDetector.SAMPLE);
    return pattern.matcher(new String(bytes, from, length, ISO_8859_1)).lookingAt();
  }

  /**
   * The kind of a file that is one JSON value over several lines, and neither an array of records
   * nor lines of them; null for any other file.
   *
   * @param head the first bytes of the file
   */
  public static @Nullable FileKind wrapped(byte[] head) {
    JsonOutline outline = JsonOutlineReader.read(head, 0, head.length);
    if (!outline.hasSeveralLines()) {
      return null;
    }
    if (begins(TEXTS, head, 0, head.length)) {
      return OF_TEXTS;
    }
    String text = outline.textField();
    // With a text of its own, the object is one record, and its lists are parts of it.
    boolean isRecord = text != null && !outline.lists().isEmpty();
    return isRecord
        ? kind(
            "one JSON object over several lines, with its text in \"" + text + '"',
            "jq -c . FILE > FILE.jsonl makes a line of it")
        : ofObject(outline, "");
  }

  /**
   * The kind of a file that is one object on one line and holds several records; null for any other
   * file. The object may also be one record, which only its author knows.
   */
  public static @Nullable FileKind ofOneLine(byte[] line) {
    JsonOutline outline = JsonOutlineReader.read(line, 0, line.length);
    return outline.textField() != null
        ? null
        : ofObject(
            outline, "; if the object is one record instead, name its text with corpus.textField");
  }

  /**
   * How a line that is a complete file becomes records, as the rest of a sentence that begins with
   * "if": for an object of several records, or an array of texts; null for any other line.
   */
  public static @Nullable String unwrapping(byte[] bytes, int from, int to) {
    if (begins(TEXTS, bytes, from, to)) {
      return "it has a text in each item, " + OF_TEXTS.advice();
    }
    FileKind kind = ofObject(JsonOutlineReader.read(bytes, from, to), "");
    return kind == null ? null : "it is " + kind.name() + ", " + kind.advice();
  }

  /**
   * The kind of a file that is one object of several records; null for any other.
   *
   * @param otherwise the end of the advice
   */
  private static @Nullable FileKind ofObject(JsonOutline outline, String otherwise) {
    FileKind kind = ofForm(outline);
    return kind == null || otherwise.isEmpty()
        ? kind
        : kind(kind.name(), kind.advice() + otherwise);
  }

  /** The kind of an object by where its records are; null if it has none. */
  private static @Nullable FileKind ofForm(JsonOutline outline) {
    return switch (outline.form()) {
      case LISTS -> ofLists(outline);
      case TABLE ->
          kind(
              "one JSON object with the columns and the rows of a table, as pandas writes it",
              "jq -c '.columns as $c | .data[] | [$c, .] | transpose | map({(.[0] | tostring):"
                  + " .[1]}) | add' FILE > FILE.jsonl makes a record of each row");
      case COLUMNS ->
          kind(
              "one JSON object with a column of a table in each key, as pandas writes it",
              "jq -c '(first(.[]) | keys_unsorted[]) as $i | map_values(.[$i])' FILE >"
                  + " FILE.jsonl makes a record of each row");
      case RECORDS ->
          kind(
              "one JSON object with a record in each key",
              "jq -c 'to_entries[] | {id: .key} + .value' FILE > FILE.jsonl makes a line of"
                  + " each");
      case TEXTS ->
          kind(
              "one JSON object with a text in each key",
              "jq -c 'to_entries[] | {id: .key, text: .value}' FILE > FILE.jsonl makes a record"
                  + " of each");
      case OTHER -> null;
    };
  }

  /** The kind of an object with its records in lists: in the one with most text. */
  private static FileKind ofLists(JsonOutline outline) {
    JsonOutline.Items most = outline.withMostText();
    List<String> others =
        outline.lists().stream()
            .filter(items -> items != most)
            .map(items -> '"' + items.path() + '"')
            .toList();
    String advice = "jq -c '%s[]' FILE > FILE.jsonl makes a line of each".formatted(most.steps());
    if (!others.isEmpty()) {
      advice +=
          ("; its other lists of objects are %s, and jq -c . FILE > FILE.jsonl makes one line of"
                  + " the object")
              .formatted(String.join(", ", others));
    }
    return kind("one JSON object with its records in the list \"" + most.path() + '"', advice);
  }
}
