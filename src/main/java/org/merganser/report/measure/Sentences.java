package org.merganser.report.measure;

import java.util.Arrays;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/**
 * Cuts text into sentences for measuring. The rule does not depend on locale or JDK. A sentence
 * ends at a line break; after one of {@code . ! ? …} (and further such signs, closing brackets and
 * quotes) before white space; and after one of the full stops of scripts that put no space there
 * ({@code 。！？｡．।॥۔؟።၊။។}). White space at both ends does not belong to the sentence. Abbreviations
 * are not recognized.
 */
public final class Sentences {
  private static final String SPACED = ".!?\u2026\u203D";
  private static final String UNSPACED =
      "\u3002\uFF01\uFF1F\uFF61\uFF0E\u0964\u0965\u06D4\u061F\u1362\u104A\u104B\u17D4";

  private static final String LINE_BREAKS = "\n\r\u0085\u2028\u2029";

  private static final byte SPACE = 1;
  private static final byte LINE_BREAK = 2;
  private static final byte CLOSING = 3;
  private static final byte SPACED_STOP = 4;
  private static final byte UNSPACED_STOP = 5;

  private static final byte[] KIND = kinds();

  private Sentences() {}

  private static byte[] kinds() {
    byte[] kind = new byte[UnicodeCategories.CODE_POINTS];
    for (int c = 0, end; c < kind.length; c = end) {
      end = UnicodeCategories.runEnd(c);
      String category = UnicodeCategories.name(c);
      if (UnicodeCategories.isWhiteSpace(c)) {
        Arrays.fill(kind, c, end, SPACE);
      } else if (category.equals("Pe") || category.equals("Pf")) {
        Arrays.fill(kind, c, end, CLOSING);
      }
    }
    kind['"'] = CLOSING;
    kind['\''] = CLOSING;
    LINE_BREAKS.chars().forEach(c -> kind[c] = LINE_BREAK);
    SPACED.chars().forEach(c -> kind[c] = SPACED_STOP);
    UNSPACED.chars().forEach(c -> kind[c] = UNSPACED_STOP);
    return kind;
  }

  @FunctionalInterface
  public interface Sink {
    void sentence(int from, int to);
  }

  /** Passes the sentences of {@code text[from, to)}, well-formed UTF-8, to {@code sink}. */
  public static void split(byte[] text, int from, int to, Sink sink) {
    int start = -1; // of the current sentence
    int end = from; // after its last character that is not white space
    boolean stopped = false; // after a full stop that requires white space
    boolean closed = false; // after one that does not
    for (int at = from; at < to; ) {
      int kind = text[at] >= 0 ? KIND[text[at]] : KIND[Utf8.codePoint(text, at)];
      int next = at + CodePoints.length(text[at]);
      if (kind == SPACE || kind == LINE_BREAK) {
        if (start >= 0 && (stopped || closed || kind == LINE_BREAK)) {
          sink.sentence(start, end);
          start = -1;
          stopped = false;
          closed = false;
        }
      } else {
        boolean closing = kind == CLOSING;
        boolean unspaced = kind == UNSPACED_STOP;
        if (closed && !closing && !unspaced && start >= 0) {
          sink.sentence(start, end);
          start = -1;
          stopped = false;
          closed = false;
        }
        if (start < 0) {
          start = at;
        }
        end = next;
        if (unspaced) {
          closed = true;
        } else if (kind == SPACED_STOP) {
          stopped = true;
        } else if (!closing) {
          stopped = false;
        }
      }
      at = next;
    }
    if (start >= 0) {
      sink.sentence(start, end);
    }
  }
}
