package org.merganser.corpus.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;

/** The beginning of a file that is to be one JSON array. */
final class JsonArrayStart {
  private JsonArrayStart() {}

  /**
   * The place after the bracket that begins the array; -1 if something else comes first.
   *
   * @param window open at the beginning of the file
   */
  static long firstItem(ByteWindow window) throws IOException {
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
      window.release(place);
      place++;
    }
    return -1;
  }

  /** Whether a byte is white space of JSON. */
  static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  /** Reports one dead letter for a file that is not one JSON array. */
  static void refuseFile(ByteWindow window, RecordSink sink, PartCutter cutter) throws IOException {
    DamagedStreamException damage = window.damage();
    if (damage != null) {
      cutter.refuseRest(0, damage.reason(), damage.detail());
      return;
    }
    FileKind kind =
        FileKindDetector.of(
            window.bytes(), window.index(0), window.index(window.limit()), sink.file());
    cutter.refuseRest(0, Reason.INVALID_JSON, kind == null ? detail(window) : kind.message());
  }

  /**
   * Says that the file is JSON lines, if its first line is a complete object, or that it is no
   * array.
   */
  private static String detail(ByteWindow window) {
    byte[] bytes = window.bytes();
    int from = window.index(0);
    int to = window.index(window.limit());
    int end = from;
    while (end < to && bytes[end] != '\n') {
      end++;
    }
    String line = new String(bytes, from, end - from, StandardCharsets.UTF_8).strip();
    return line.startsWith("{") && line.endsWith("}")
        ? "these are JSON lines: use format: jsonl (--format jsonl)"
        : "the file does not begin with [, as one JSON array does; format jsonl reads an object a"
            + " line, and jq -c . FILE > FILE.jsonl makes lines of objects that have several";
  }
}
