package org.merganser.corpus.read;

import java.io.IOException;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;

/**
 * Turns the items of a JSON array into documents, like {@link JsonToDocument} the lines of a file.
 * Items may have white space around them, also line ends; a comma before the closing bracket is
 * ignored.
 */
final class JsonItemToDocument implements IOConsumer<RawRecord> {
  private static final String MISSING_END = "the file ends before the array does";

  private final JsonToDocument items;
  private final JsonItemEnd end;
  private final RecordSink sink;

  /** Whether the end of the file within an item was reported. */
  private boolean endReported;

  JsonItemToDocument(JsonToDocument items, JsonItemEnd end, RecordSink sink) {
    this.items = items;
    this.end = end;
    this.sink = sink;
  }

  @Override
  public void accept(RawRecord raw) throws IOException {
    RawRecord item = stripped(raw);
    String problem = problem(item);
    if (problem != null) {
      endReported = !end.terminated();
      sink.refuse(item, end.terminated() ? Reason.INVALID_JSON : Reason.TRUNCATED, problem);
    } else if (item.length() > 0) {
      items.accept(item);
    }
  }

  /** A record without the white space around it. */
  private static RawRecord stripped(RawRecord raw) {
    byte[] bytes = raw.bytes();
    int from = raw.from();
    int to = raw.to();
    while (from < to && JsonArrayStart.isSpace(bytes[from])) {
      from++;
    }
    while (to > from && JsonArrayStart.isSpace(bytes[to - 1])) {
      to--;
    }
    return new RawRecord(raw.offset() + (from - raw.from()), bytes, from, to);
  }

  /** Reports one dead letter if the file ends before the array does, unless that was reported. */
  void reportMissingEnd(ByteWindow window) throws IOException {
    if (!end.isClosed() && !endReported && window.damage() == null) {
      RawRecord nothing = new RawRecord(window.limit(), window.bytes(), 0, 0);
      sink.refuse(nothing, Reason.TRUNCATED, MISSING_END);
    }
  }

  /**
   * The problem of what is between two commas or brackets of the array, or after its end, without
   * white space; null if it is an item, or if it is empty after the last item or the array.
   */
  private @Nullable String problem(RawRecord item) {
    if (end.terminated()) {
      boolean missing = item.length() == 0 && !end.isClosed();
      return missing ? "an item of the array is missing between two commas" : null;
    }
    if (item.length() == 0) {
      return end.isClosed() ? null : MISSING_END;
    }
    return end.isClosed()
        ? "something follows the array"
        : MISSING_END + "; the item at byte " + item.offset() + " is the last";
  }
}
