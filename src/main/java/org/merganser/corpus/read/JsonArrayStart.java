package org.merganser.corpus.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;

/** Finds the first item of a file that is to be one JSON array, or says why it is none. */
final class JsonArrayStart {
  /** White space before the array is released from the window in blocks of as many bytes. */
  private static final int SPACE_BLOCK = 1 << 18;

  private JsonArrayStart() {}

  /**
   * The place after the bracket that begins the array; -1 if the file does not begin with one.
   *
   * @param window open at the beginning of the file
   */
  static long firstItem(ByteWindow window) throws IOException {
    boolean more = true;
    while (window.limit() < ByteOrderMark.LENGTH && more) {
      more = window.more();
    }
    int from = window.index(0);
    boolean mark = ByteOrderMark.begins(window.bytes(), from, window.index(window.limit()));
    long place = mark ? ByteOrderMark.LENGTH : 0;
    while (place < window.limit() || window.more()) {
      byte b = window.bytes()[window.index(place)];
      if (!isSpace(b)) {
        return b == '[' ? place + 1 : -1;
      }
      place++;
      if (place % SPACE_BLOCK == 0) {
        window.release(place);
      }
    }
    return -1;
  }

  /** Whether a byte is white space of JSON. */
  static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  /**
   * Reports one dead letter for a file of which {@link #firstItem} found that it is not one array.
   * If it begins with more white space than a block, the dead letter begins within that.
   */
  static void refuseFile(ByteWindow window, RecordSink sink, UnheldRecord file) throws IOException {
    long first = window.first();
    DamagedStreamException damage = window.damage();
    if (damage != null) {
      file.refuseRest(first, damage.reason(), damage.detail());
      return;
    }
    int from = window.index(first);
    int to = window.index(window.limit());
    FileKind kind = FileKindDetector.of(window.bytes(), from, to, sink.file());
    String detail = kind == null ? detail(window.bytes(), from, to) : kind.message();
    file.refuseRest(first, Reason.INVALID_JSON, detail);
  }

  /**
   * Says that the file is JSON lines, if its first line is a complete object, or that it is no
   * array.
   */
  private static String detail(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] != '\n') {
      end++;
    }
    String line = new String(bytes, from, end - from, StandardCharsets.UTF_8).strip();
    return line.startsWith("{") && line.endsWith("}")
        ? "these are JSON lines: use format: jsonl (--format jsonl)"
        : "the file does not begin with [, as one JSON array does; format jsonl reads an object a"
            + " line, and "
            + JsonProblem.TO_LINES;
  }
}
