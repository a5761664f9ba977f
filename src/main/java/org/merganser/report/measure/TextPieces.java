package org.merganser.report.measure;

import java.util.Arrays;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.RegexProperties;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/**
 * Cuts text into words and other signs for measuring. The rule does not depend on locale or JDK:
 *
 * <ul>
 *   <li>White space belongs to no piece.
 *   <li>A word begins with a letter or a number, and goes on with all letters, numbers and marks
 *       that follow. An apostrophe (U+0027 or U+2019) before another letter or number does not end
 *       it.
 *   <li>In scripts written without spaces (Han, Hiragana, Thai, Lao, Khmer, Myanmar, Tibetan) each
 *       letter with its marks is a word, as in UAX #29 without a dictionary.
 *   <li>Every other character is a sign, with the marks and joiners (U+200D) after it, and with a
 *       sign after such a joiner.
 * </ul>
 *
 * <p>Stateless and thread-safe.
 */
public final class TextPieces {
  // The kinds of characters.

  /** Any other character. */
  private static final byte SIGN = 0;

  private static final byte SPACE = 1;

  /** A letter of a script with spaces, or a number. */
  private static final byte WORD = 2;

  /** A letter of a script without spaces, which is a word. */
  private static final byte ALONE = 3;

  private static final byte MARK = 4;
  private static final byte APOSTROPHE = 5;
  private static final byte JOINER = 6;

  /** The scripts that are written without spaces. */
  private static final String[] WITHOUT_SPACES = {
    "han", "hiragana", "thai", "lao", "khmer", "myanmar", "tibetan"
  };

  /** The kind of each code point. */
  private static final byte[] KIND = kinds();

  private TextPieces() {}

  /** Receives the pieces in order. */
  @FunctionalInterface
  public interface Sink {
    /** Receives the piece {@code text[from, to)}, which is a word or another sign. */
    void piece(int from, int to, boolean isWord);
  }

  /** Passes the pieces of {@code text[from, to)}, well-formed UTF-8, to {@code sink}. */
  public static void split(byte[] text, int from, int to, Sink sink) {
    int at = from;
    while (at < to) {
      int kind = kind(text, at);
      int next = at + CodePoints.length(text[at]);
      if (kind == SPACE) {
        at = next;
        continue;
      }
      boolean isWord = kind == WORD || kind == ALONE;
      boolean joins = !isWord;
      int end = kind == WORD ? wordEnd(text, next, to) : extensionEnd(text, next, to, joins);
      sink.piece(at, end, isWord);
      at = end;
    }
  }

  /** A table of 1.1 MB: for each code point its kind. */
  private static byte[] kinds() {
    byte[] kind = new byte[UnicodeCategories.CODE_POINTS];
    CodePointSet.Builder scripts = new CodePointSet.Builder();
    for (String script : WITHOUT_SPACES) {
      scripts.addAll(RegexProperties.known(script));
    }
    CodePointSet withoutSpaces = scripts.build();
    int end;
    for (int c = 0; c < kind.length; c = end) {
      end = UnicodeCategories.runEnd(c); // looking up each character would take 20 ms
      if (UnicodeCategories.isWhiteSpace(c)) {
        Arrays.fill(kind, c, end, SPACE);
      } else if (UnicodeCategories.isMark(c)) {
        Arrays.fill(kind, c, end, MARK);
      } else if (UnicodeCategories.isLetter(c) || UnicodeCategories.isNumber(c)) {
        Arrays.fill(kind, c, end, WORD);
      }
    }
    for (int c = withoutSpaces.next(0); c >= 0; c = withoutSpaces.next(c + 1)) {
      if (UnicodeCategories.isLetter(c)) {
        kind[c] = ALONE;
      }
    }
    kind['\''] = APOSTROPHE;
    kind[0x2019] = APOSTROPHE;
    kind[0x200D] = JOINER;
    return kind;
  }

  /** The kind of the character at {@code at}. */
  private static int kind(byte[] text, int at) {
    return KIND[Utf8.codePoint(text, at)];
  }

  /** The end of the word that continues at {@code from}. */
  private static int wordEnd(byte[] text, int from, int to) {
    int at = from;
    while (at < to) {
      int kind = kind(text, at);
      int next = at + CodePoints.length(text[at]);
      if (kind == APOSTROPHE && next < to && kind(text, next) == WORD) {
        at = next + CodePoints.length(text[next]);
      } else if (kind == WORD || kind == MARK) {
        at = next;
      } else {
        break;
      }
    }
    return at;
  }

  /**
   * The end of the marks at {@code from}.
   *
   * @param joins whether joiners, each with the sign after it, are included
   */
  private static int extensionEnd(byte[] text, int from, int to, boolean joins) {
    int at = from;
    while (at < to) {
      int kind = kind(text, at);
      if (kind == MARK) {
        at += CodePoints.length(text[at]);
      } else if (joins && kind == JOINER) {
        at += CodePoints.length(text[at]);
        if (at < to && kind(text, at) == SIGN) {
          at += CodePoints.length(text[at]);
        }
      } else {
        break;
      }
    }
    return at;
  }
}
