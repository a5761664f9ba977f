package org.merganser.text;

/**
 * Cuts text into sentences, for measuring; by this rule, which no locale and no JDK changes: a
 * sentence ends at a line break; behind one of {@code . ! ? …} (and any such signs, closing
 * brackets and quotes that follow) before white space; and behind one of the full stops of scripts
 * that put no space there ({@code 。！？｡．।॥۔؟።၊။។}). White space at its ends is not part of it.
 * Abbreviations are not known.
 */
public final class Sentences {
  private static final String SPACED = ".!?\u2026\u203D";
  private static final String UNSPACED =
      "\u3002\uFF01\uFF1F\uFF61\uFF0E\u0964\u0965\u06D4\u061F\u1362\u104A\u104B\u17D4";

  private Sentences() {}

  /** Receives sentences in the order of the text. */
  @FunctionalInterface
  public interface Sink {
    /** {@code text[from, to)} is a sentence, not empty. */
    void sentence(int from, int to);
  }

  /** Hands the sentences of {@code text[from, to)}, well-formed UTF-8, to {@code sink}. */
  public static void split(byte[] text, int from, int to, Sink sink) {
    int start = -1; // of the sentence under way
    int end = from; // behind its last character that is no white space
    boolean stopped = false; // a full stop was met that wants white space behind it
    boolean closed = false; // one that doesn't
    for (int at = from; at < to; ) {
      int codePoint = Utf8.codePoint(text, at);
      int next = at + CodePoints.length(text[at]);
      if (UnicodeCategories.isWhiteSpace(codePoint)) {
        if (start >= 0 && (stopped || closed || isLineBreak(codePoint))) {
          sink.sentence(start, end);
          start = -1;
          stopped = false;
          closed = false;
        }
      } else {
        boolean closing = isClosing(codePoint);
        boolean unspaced = UNSPACED.indexOf(codePoint) >= 0;
        if (closed && !closing && !unspaced && start >= 0) {
          sink.sentence(start, end);
          start = -1;
          stopped = false;
          closed = false;
        }
        start = start < 0 ? at : start;
        end = next;
        if (unspaced) {
          closed = true;
        } else if (SPACED.indexOf(codePoint) >= 0) {
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

  private static boolean isLineBreak(int codePoint) {
    return codePoint == '\n'
        || codePoint == '\r'
        || codePoint == 0x85
        || codePoint == 0x2028
        || codePoint == 0x2029;
  }

  private static boolean isClosing(int codePoint) {
    if (codePoint == '"' || codePoint == '\'') {
      return true;
    }
    String category = UnicodeCategories.name(codePoint);
    return category.equals("Pe") || category.equals("Pf");
  }
}
