package org.merganser.report.measure;

import java.util.Arrays;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/**
 * Cuts text into sentences for measuring. The rule does not depend on locale or JDK. A sentence
 * ends at a line break; after one of {@code . ! ? …} (and further such signs, closing brackets and
 * quotes) before white space; and after one of the full stops that need no white space after them
 * ({@code 。！？｡．।॥۔؟።၊။។}). White space at both ends does not belong to the sentence. Abbreviations
 * are not recognized.
 */
public final class Sentences {
  /** Full stops that end a sentence if white space follows. */
  private static final String SPACED_STOPS = ".!?\u2026\u203D";

  /** Full stops that always end a sentence. */
  private static final String UNSPACED_STOPS =
      "\u3002\uFF01\uFF1F\uFF61\uFF0E\u0964\u0965\u06D4\u061F\u1362\u104A\u104B\u17D4";

  private static final String LINE_BREAKS = "\n\r\u0085\u2028\u2029";

  // The kinds of characters.

  /** White space other than line breaks. */
  private static final byte SPACE = 1;

  private static final byte LINE_BREAK = 2;

  /** A closing bracket or quote, which belongs to the sentence before it. */
  private static final byte CLOSING = 3;

  private static final byte SPACED_STOP = 4;
  private static final byte UNSPACED_STOP = 5;

  /** The kind of each code point; 0 for one without a kind. */
  private static final byte[] KIND = kinds();

  private Sentences() {}

  /** Receives the sentences in order. */
  @FunctionalInterface
  public interface Sink {
    /** Receives the sentence {@code text[from, to)}. */
    void sentence(int from, int to);
  }

  /** Passes the sentences of {@code text[from, to)}, well-formed UTF-8, to {@code sink}. */
  public static void split(byte[] text, int from, int to, Sink sink) {
    CurrentSentence sentence = new CurrentSentence(sink);
    int at = from;
    while (at < to) {
      int kind = KIND[Utf8.codePoint(text, at)];
      int next = at + CodePoints.length(text[at]);
      if (kind == SPACE || kind == LINE_BREAK) {
        sentence.addWhiteSpace(kind);
      } else {
        sentence.addCharacter(kind, at, next);
      }
      at = next;
    }
    sentence.end();
  }

  /** A table of 1.1 MB: for each code point its kind. */
  private static byte[] kinds() {
    byte[] kind = new byte[UnicodeCategories.CODE_POINTS];
    int end;
    for (int c = 0; c < kind.length; c = end) {
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
    SPACED_STOPS.chars().forEach(c -> kind[c] = SPACED_STOP);
    UNSPACED_STOPS.chars().forEach(c -> kind[c] = UNSPACED_STOP);
    return kind;
  }

  /** The sentence that has begun, if there is one. */
  private static final class CurrentSentence {
    private final Sink sink;

    /** The full stop at the end of a sentence, with closing signs after it. */
    private enum Stop {
      /** None. */
      NONE,
      /** One that ends the sentence if white space follows. */
      SPACED,
      /** One that ends the sentence unless a further one of its kind follows. */
      UNSPACED
    }

    /** Where the sentence begins; -1 between two sentences. */
    private int from = -1;

    /** The end of its last character that is not white space. */
    private int to;

    /** The full stop that the sentence has at its end so far. */
    private Stop stop = Stop.NONE;

    CurrentSentence(Sink sink) {
      this.sink = sink;
    }

    /** Ends the sentence if it has its full stop, or if the white space is a line break. */
    void addWhiteSpace(int kind) {
      if (stop != Stop.NONE || kind == LINE_BREAK) {
        end();
      }
    }

    /** Adds the character {@code text[at, next)} to the sentence, or to the next one. */
    void addCharacter(int kind, int at, int next) {
      if (stop == Stop.UNSPACED && kind != CLOSING && kind != UNSPACED_STOP) {
        end();
      }
      if (from < 0) {
        from = at;
      }
      to = next;
      if (kind == UNSPACED_STOP) {
        stop = Stop.UNSPACED;
      } else if (kind == SPACED_STOP) {
        stop = Stop.SPACED;
      } else if (kind != CLOSING) {
        stop = Stop.NONE;
      }
    }

    /** Passes on the sentence, if there is one. */
    void end() {
      if (from >= 0) {
        sink.sentence(from, to);
      }
      from = -1;
      stop = Stop.NONE;
    }
  }
}
