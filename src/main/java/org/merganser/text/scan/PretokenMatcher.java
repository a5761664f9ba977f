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

  /** The flags of characters that the first Splits of the pattern isolate. */
  private final int isolated;

  PretokenMatcher(SplitPatternRules rules, byte[] classes) {
    this.rules = rules;
    this.classes = classes;
    this.isolated = isolatedFlags(rules);
  }

  /**
   * The end of the pretoken that begins at {@code at}.
   *
   * @param to the end of the text
   */
  int end(byte[] text, int at, int to) {
    int flags = flagsAt(text, at);
    if ((flags & LETTER) != 0) {
      return wordEnd(text, at, to);
    }
    if ((flags & WHITE_SPACE) != 0) {
      return whiteSpaceEnd(text, at, to);
    }
    if ((flags & OTHER) != 0) {
      return otherEnd(text, at, to);
    }
    if ((flags & NUMBER) != 0) {
      return numberEnd(text, at, to);
    }
    if ((flags & (IDEOGRAPH | IDEOGRAPH_OTHER | JOINED_NUMBER)) != 0) {
      return runEnd(text, at, to, flags);
    }
    // Only deepseek3 has other characters.
    int letters = flags == IDEOGRAPH_UNMATCHED ? IDEOGRAPH : LETTER;
    return unmatchedEnd(text, at, to, flags, letters);
  }

  /** Whether the character at a place is a number. */
  boolean isNumber(byte[] text, int at) {
    return hasFlag(text, at, NUMBER);
  }

  /**
   * The end of the run of characters with one of these flags; {@code from} if there is none. It
   * decodes UTF-8 itself, since the length is needed as well.
   */
  private int runEnd(byte[] text, int from, int to, int flags) {
    int at = from;
    while (at < to) {
      int lead = text[at]; // outside ASCII negative, like the casts of 0xE0 and 0xF0
      int length = 1;
      int c = lead;
      if (lead < (byte) 0xE0) {
        c = ((lead & 0x1F) << 6) | (text[at + 1] & 0x3F);
        length = 2;
      } else if (lead < (byte) 0xF0) {
        c = ((lead & 0x0F) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F);
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
  private int wordEnd(byte[] text, int at, int to) {
    return rules.caseSplits() ? casedWordEnd(text, at, to) : runEnd(text, at, to, LETTER);
  }

  /**
   * The end of a word of o200k or tekken (without contractions): {@code
   * U*L+contraction?|U+L*contraction?} with U for {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]} and L for
   * {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. If the greedy {@code U*} stops before a character of L
   * alone, the word continues through the L. Otherwise it backtracks to after the last character
   * that is also L. If there is none, the second alternative takes the U.
   */
  private int casedWordEnd(byte[] text, int from, int to) {
    int at = from;
    int lastBoth = -1;
    while (at < to) {
      int flags = flagsAt(text, at);
      if ((flags & UPPER) == 0) {
        break;
      }
      at += CodePoints.length(text[at]);
      if ((flags & LOWER) != 0) {
        lastBoth = at;
      }
    }
    if (at < to && (flagsAt(text, at) & LOWER) != 0) {
      at = runEnd(text, at, to, LOWER);
    } else if (lastBoth >= 0) {
      at = lastBoth;
    }
    boolean hasSuffix = rules.contractions() == Contractions.FOLDED_SUFFIX;
    return hasSuffix && at < to && text[at] == '\''
        ? at + rules.contractions().length(text, at, to)
        : at;
  }

  /** The end of {@code \p{N}+}, or of {@code \p{N}{1,n}} with a maximum of n. */
  private int numberEnd(byte[] text, int from, int to) {
    if (rules.maxNumber() == Integer.MAX_VALUE) {
      return runEnd(text, from, to, NUMBER);
    }
    int at = from;
    for (int i = 0; i < rules.maxNumber() && at < to && hasFlag(text, at, NUMBER); i++) {
      at += CodePoints.length(text[at]);
    }
    return at;
  }

  /**
   * The end of a pretoken that begins with white space: one that is joined to what follows it, or
   * {@code \s*[\r\n]+|\s+(?!\S)|\s+}. At the end of the text, or before characters that are
   * isolated, the last white space is not left for the next match.
   */
  private int whiteSpaceEnd(byte[] text, int from, int to) {
    int second = from + CodePoints.length(text[from]);
    if (second >= to) {
      return to;
    }
    int flags = flagsAt(text, second);
    if ((flags & WHITE_SPACE) == 0) {
      return endAfterOneWhiteSpace(text, from, second, to, flags);
    }
    int last = from;
    int at = from;
    int newlineEnd = -1;
    while (at < to && hasFlag(text, at, WHITE_SPACE)) {
      last = at;
      at += CodePoints.length(text[at]);
      if (hasFlag(text, last, NEWLINE)) {
        newlineEnd = at;
      }
    }
    if (newlineEnd >= 0) {
      return newlineEnd;
    }
    boolean atEnd = at == to || hasFlag(text, at, isolated);
    return atEnd ? at : last;
  }

  /**
   * The end of a pretoken that begins with one white space, before a character of another class.
   *
   * @param second where this character begins
   * @param flags of this character
   */
  private int endAfterOneWhiteSpace(byte[] text, int from, int second, int to, int flags) {
    boolean space = text[from] == ' ';
    if ((flags & LETTER) != 0
        && !hasFlag(text, from, NEWLINE)
        && (space || !rules.onlySpacePrefix())) {
      return wordEnd(text, second, to);
    }
    if (space && (flags & OTHER) != 0) {
      return symbolsEnd(text, second, to);
    }
    if (space && (flags & (NUMBER | JOINED_NUMBER) & ~isolated) != 0 && rules.onlySpacePrefix()) {
      return runEnd(text, second, to, flags);
    }
    return second;
  }

  /** The end of a pretoken that begins with a symbol: a contraction, a word or symbols. */
  private int otherEnd(byte[] text, int from, int to) {
    if (text[from] == '\'' && rules.contractions() != Contractions.FOLDED_SUFFIX) {
      int length = rules.contractions().length(text, from, to);
      if (length > 0) {
        return from + length;
      }
    }
    int second = from + CodePoints.length(text[from]);
    if (second >= to || rules.onlySpacePrefix()) {
      return symbolsEnd(text, from, to);
    }
    if (rules.threeSplits()) {
      boolean joined = text[from] >= 0 && isAsciiLetter(text[second]);
      return joined ? asciiLettersEnd(text, second, to) : symbolsEnd(text, from, to);
    }
    return hasFlag(text, second, LETTER) ? wordEnd(text, second, to) : symbolsEnd(text, from, to);
  }

  /** The end of {@code [^\s\p{L}\p{N}]+[\r\n]*}, or with {@code [\r\n/]*} (o200k, tekken). */
  private int symbolsEnd(byte[] text, int from, int to) {
    int at = runEnd(text, from, to, OTHER);
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
   * The end of deepseek3's characters that no alternative matches alone (controls, unassigned,
   * private use), all with the same flags. The last one is joined to a following run of {@code
   * letters}; those before the next match are one piece.
   */
  private int unmatchedEnd(byte[] text, int from, int to, int flags, int letters) {
    int at = from;
    while (true) {
      int next = at + CodePoints.length(text[at]);
      if (next >= to) {
        return to;
      }
      int nextFlags = flagsAt(text, next);
      if ((nextFlags & letters) != 0) {
        return at > from ? at : runEnd(text, next, to, letters);
      }
      if (nextFlags != flags) {
        return next;
      }
      at = next;
    }
  }

  private static int asciiLettersEnd(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isAsciiLetter(text[at])) {
      at++;
    }
    return at;
  }

  private static boolean isAsciiLetter(byte b) {
    return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
  }

  /** The flags of characters that the first Splits of a pattern isolate. */
  private static int isolatedFlags(SplitPatternRules rules) {
    if (rules.threeSplits()) {
      return NUMBER | IDEOGRAPH | IDEOGRAPH_OTHER | IDEOGRAPH_UNMATCHED;
    }
    return rules.isolatesNumbers() ? NUMBER : 0;
  }

  /** Whether the character at a place has one of these flags. */
  private boolean hasFlag(byte[] text, int at, int flags) {
    return (flagsAt(text, at) & flags) != 0;
  }

  private int flagsAt(byte[] text, int at) {
    return classes[Utf8.codePoint(text, at)] & 0xFF;
  }
}
