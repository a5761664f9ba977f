package org.merganser.text.scan;

import static org.merganser.text.scan.PretokenClasses.IDEOGRAPH;
import static org.merganser.text.scan.PretokenClasses.IDEOGRAPH_OTHER;
import static org.merganser.text.scan.PretokenClasses.IDEOGRAPH_UNMATCHED;
import static org.merganser.text.scan.PretokenClasses.JOINED_NUMBER;
import static org.merganser.text.scan.PretokenClasses.LETTER;
import static org.merganser.text.scan.PretokenClasses.LOWER;
import static org.merganser.text.scan.PretokenClasses.NEWLINE;
import static org.merganser.text.scan.PretokenClasses.NUMBER;
import static org.merganser.text.scan.PretokenClasses.OTHER;
import static org.merganser.text.scan.PretokenClasses.UPPER;
import static org.merganser.text.scan.PretokenClasses.WHITE_SPACE;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/**
 * Finds the end of one pretoken, a character at a time: a known split pattern as branches on the
 * class of the first character, each with the alternatives of the regex that can match there.
 */
final class PretokenMatcher {
  private final SplitPatternRules rules;

  /** By code point, its {@link PretokenClasses}. */
  private final byte[] classes;

  /** The classes of characters that are isolated before the rest is matched. */
  private final int isolated;

  PretokenMatcher(SplitPatternRules rules, byte[] classes) {
    this.rules = rules;
    this.classes = classes;
    this.isolated = isolatedClasses(rules);
  }

  private static int isolatedClasses(SplitPatternRules rules) {
    if (rules.threeSplits()) {
      return NUMBER | IDEOGRAPH | IDEOGRAPH_OTHER | IDEOGRAPH_UNMATCHED;
    }
    return rules.isolatesNumbers() ? NUMBER : 0;
  }

  /**
   * The end of the pretoken that begins at {@code at}.
   *
   * @param to the end of the text
   */
  int end(byte[] text, int at, int to) {
    int type = classAt(text, at);
    if ((type & LETTER) != 0) {
      return word(text, at, to);
    }
    if ((type & WHITE_SPACE) != 0) {
      return whiteSpace(text, at, to);
    }
    if ((type & OTHER) != 0) {
      return other(text, at, to);
    }
    if ((type & NUMBER) != 0) {
      return number(text, at, to);
    }
    if ((type & (IDEOGRAPH | IDEOGRAPH_OTHER | JOINED_NUMBER)) != 0) {
      return run(text, at, to, type);
    }
    return unmatched(text, at, to, type, type == IDEOGRAPH_UNMATCHED ? IDEOGRAPH : LETTER);
  }

  /** Whether the character at a place is a number. */
  boolean isNumber(byte[] text, int at) {
    return is(text, at, NUMBER);
  }

  /**
   * The end of the run of characters with one of these flags; {@code from} if there is none. It
   * decodes UTF-8 itself, since the length is needed as well.
   */
  private int run(byte[] text, int from, int to, int flags) {
    int at = from;
    while (at < to) {
      int lead = text[at];
      int length = 1;
      int c = lead;
      if (lead < (byte) 0xE0 && lead < 0) {
        c = (lead & 0x1F) << 6 | (text[at + 1] & 0x3F);
        length = 2;
      } else if (lead < (byte) 0xF0 && lead < 0) {
        c = (lead & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F);
        length = 3;
      } else if (lead < 0) {
        c = Utf8.codePoint(text, at);
        length = 4;
      }
      if ((classes[c] & flags) == 0) {
        return at;
      }
      at += length;
    }
    return at;
  }

  /** The end of the word that begins with the letter at {@code at}. */
  private int word(byte[] text, int at, int to) {
    return rules.caseSplits() ? casedWord(text, at, to) : run(text, at, to, LETTER);
  }

  /**
   * o200k (tekken has no contractions): {@code U*L+contraction?|U+L*contraction?} with U for {@code
   * [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]} and L for {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. If the greedy
   * {@code U*} stops before a character of L alone, the word continues through the L. Otherwise it
   * backtracks to after the last character that is also L. If there is none, the second alternative
   * takes the U.
   */
  private int casedWord(byte[] text, int from, int to) {
    int at = from;
    int lastBoth = -1;
    while (at < to) {
      int type = classAt(text, at);
      if ((type & UPPER) == 0) {
        break;
      }
      at += CodePoints.length(text[at]);
      if ((type & LOWER) != 0) {
        lastBoth = at;
      }
    }
    if (at < to && (classAt(text, at) & LOWER) != 0) {
      at = run(text, at, to, LOWER);
    } else if (lastBoth >= 0) {
      at = lastBoth;
    }
    boolean suffix = rules.contractions() == SplitPatternRules.Contractions.FOLDED_SUFFIX;
    return suffix && at < to && text[at] == '\'' ? at + rules.contractionLength(text, at, to) : at;
  }

  /** {@code \p{N}+}, or {@code \p{N}{1,n}} with a maximum of n. */
  private int number(byte[] text, int from, int to) {
    if (rules.maxNumber() == Integer.MAX_VALUE) {
      return run(text, from, to, NUMBER);
    }
    int at = from;
    for (int i = 0; i < rules.maxNumber() && at < to && is(text, at, NUMBER); i++) {
      at += CodePoints.length(text[at]);
    }
    return at;
  }

  /**
   * The end of a pretoken that begins with white space: one that is joined to what follows it, or
   * {@code \s*[\r\n]+|\s+(?!\S)|\s+}. At the end of the text, or before characters that are
   * isolated, the last white space is not left for the next match.
   */
  private int whiteSpace(byte[] text, int from, int to) {
    int second = from + CodePoints.length(text[from]);
    if (second >= to) {
      return to;
    }
    int type = classAt(text, second);
    if ((type & WHITE_SPACE) == 0) {
      return oneWhiteSpace(text, from, second, to, type);
    }
    int last = from;
    int at = from;
    int newlineEnd = -1;
    while (at < to && is(text, at, WHITE_SPACE)) {
      last = at;
      at += CodePoints.length(text[at]);
      if (is(text, last, NEWLINE)) {
        newlineEnd = at;
      }
    }
    if (newlineEnd >= 0) {
      return newlineEnd;
    }
    boolean atEnd = at == to || is(text, at, isolated);
    return atEnd ? at : last;
  }

  /** White space before another character, at {@code second} and of class {@code type}. */
  private int oneWhiteSpace(byte[] text, int from, int second, int to, int type) {
    boolean space = text[from] == ' ';
    if ((type & LETTER) != 0 && !is(text, from, NEWLINE) && (space || !rules.onlySpacePrefix())) {
      return word(text, second, to);
    }
    if (space && (type & OTHER) != 0) {
      return symbols(text, second, to);
    }
    if (space && (type & (NUMBER | JOINED_NUMBER) & ~isolated) != 0 && rules.onlySpacePrefix()) {
      return run(text, second, to, type);
    }
    return second;
  }

  /** The end of a pretoken that begins with a symbol: a contraction, a word or symbols. */
  private int other(byte[] text, int from, int to) {
    if (text[from] == '\''
        && rules.contractions() != SplitPatternRules.Contractions.FOLDED_SUFFIX) {
      int length = rules.contractionLength(text, from, to);
      if (length > 0) {
        return from + length;
      }
    }
    int second = from + CodePoints.length(text[from]);
    if (second >= to || rules.onlySpacePrefix()) {
      return symbols(text, from, to);
    }
    if (rules.threeSplits()) {
      boolean joined = text[from] >= 0 && isAsciiLetter(text[second]);
      return joined ? asciiLetters(text, second, to) : symbols(text, from, to);
    }
    return is(text, second, LETTER) ? word(text, second, to) : symbols(text, from, to);
  }

  /** {@code [^\s\p{L}\p{N}]+[\r\n]*}, or with {@code [\r\n/]*} at the end (o200k, tekken). */
  private int symbols(byte[] text, int from, int to) {
    int at = run(text, from, to, OTHER);
    if (rules.onlySpacePrefix()) {
      return at;
    }
    while (at < to && isJoinedToSymbols(text[at])) {
      at++;
    }
    return at;
  }

  private boolean isJoinedToSymbols(byte b) {
    return b == '\n' || b == '\r' || (b == '/' && rules.joinsSlash());
  }

  /**
   * deepseek3: characters that no alternative matches alone (controls, unassigned, private use),
   * all of class {@code type}. The last one is joined to a following run of {@code letters}; those
   * before the next match are one piece.
   */
  private int unmatched(byte[] text, int from, int to, int type, int letters) {
    int at = from;
    while (true) {
      int next = at + CodePoints.length(text[at]);
      if (next >= to) {
        return to;
      }
      int nextType = classAt(text, next);
      if ((nextType & letters) != 0) {
        return at > from ? at : run(text, next, to, letters);
      }
      if (nextType != type) {
        return next;
      }
      at = next;
    }
  }

  private static int asciiLetters(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isAsciiLetter(text[at])) {
      at++;
    }
    return at;
  }

  private static boolean isAsciiLetter(byte b) {
    return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
  }

  /** Whether the character at a place has one of these flags. */
  private boolean is(byte[] text, int at, int flags) {
    return (classAt(text, at) & flags) != 0;
  }

  private int classAt(byte[] text, int at) {
    return classes[Utf8.codePoint(text, at)] & 0xFF;
  }
}
