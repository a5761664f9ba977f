package org.merganser.corpus.read;

import java.io.IOException;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.field.ByteOrderMark;

/**
 * Turns the items of a JSON array into documents, like {@link JsonToDocument} the lines of a file.
 * Items may have white space of any kind around them; a comma before the closing bracket is
 * ignored.
 */
final class JsonItemToDocument implements IOConsumer<RawRecord> {
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

  /** The place after the bracket that begins the array; -1 if something else comes first. */
  static long begin(ByteWindow window) throws IOException {
    while (window.limit() < ByteOrderMark.LENGTH && window.more()) {
      // a byte order mark may come first
    }
    int from = window.index(0);
    boolean mark = ByteOrderMark.begins(window.bytes(), from, window.index(window.limit()));
    long place = mark ? ByteOrderMark.LENGTH : 0;
    while (place < window.limit() || window.more()) {
      byte b = window.bytes()[window.index(place)];
      if (!isSpace(b)) {
        return b == '[' ? place + 1 : -1;
      }
      window.release(place++);
    }
    return -1;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  @Override
  public void accept(RawRecord raw) throws IOException {
    byte[] bytes = raw.bytes();
    int from = raw.from();
    int to = raw.to();
    while (from < to && isSpace(bytes[from])) {
      from++;
    }
    while (to > from && isSpace(bytes[to - 1])) {
      to--;
    }
    RawRecord item = new RawRecord(raw.offset() + from - raw.from(), bytes, from, to);
    String problem = problem(item);
    if (problem != null) {
      endReported = !end.terminated();
      sink.dead(item, end.terminated() ? Reason.INVALID_JSON : Reason.TRUNCATED, problem);
    } else if (from < to) {
      items.accept(item);
    }
  }

  /** Reports one dead letter if the file ends before the array does, unless that was reported. */
  void reportMissingEnd(ByteWindow window) throws IOException {
    if (!end.isClosed() && !endReported && window.damage() == null) {
      RawRecord nothing = new RawRecord(window.limit(), window.bytes(), 0, 0);
      sink.dead(nothing, Reason.TRUNCATED, "the file ends before the array does");
    }
  }

  /** The problem of the place where an item should be; null if there is none, or the array ends. */
  private @Nullable String problem(RawRecord item) {
    if (end.terminated()) {
      boolean missing = item.length() == 0 && !end.isClosed();
      return missing ? "an item of the array is missing between two commas" : null;
    }
    if (!end.isClosed()) {
      return "the file ends before the array does; the item at byte "
          + item.offset()
          + " is the last";
    }
    return item.length() == 0 ? null : "something follows the array";
  }
}
