package org.merganser.text.scan;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.UniformLeadBytes;
import org.merganser.text.unicode.Utf8;

/**
 * Finds the pretoken boundaries of one split pattern, 64 bytes a step. Stateless and thread-safe.
 *
 * <p>A block begins where a pretoken begins, so nothing before it matters. Its characters become
 * masks of one bit a byte: letters, numbers, white space and so on; all bytes of a character have
 * its class. Pretokens begin where a class begins, which is a shift and an AND ({@code letters &
 * ~(letters << 1)}), minus the places where the character before joins the run, plus the places
 * inside white space. The next block begins at the last start found, so blocks share no state.
 *
 * <p>The {@link PretokenMatcher} finds the rare pretokens and those that need more context, one at
 * a time: pretokens that fill a block, text mostly outside ASCII, white space and numbers outside
 * ASCII, the last bytes of an array, and the places called hard below. Tests compare the ends of
 * both with java.util.regex.
 */
public final class PretokenScanner {
  // The numbers of the bits of flags.
  private static final int LETTER_BIT = Integer.numberOfTrailingZeros(PretokenClasses.LETTER);
  private static final int OTHER_BIT = Integer.numberOfTrailingZeros(PretokenClasses.OTHER);
  private static final int UPPER_BIT = Integer.numberOfTrailingZeros(PretokenClasses.UPPER);
  private static final int LOWER_BIT = Integer.numberOfTrailingZeros(PretokenClasses.LOWER);
  private static final int IDEOGRAPH_BIT = Integer.numberOfTrailingZeros(PretokenClasses.IDEOGRAPH);

  /** The bit of the last byte of a block. */
  private static final long TOP = 1L << 63;

  /**
   * At most this many bytes of a block that are neither letters nor blanks nor outside ASCII, as in
   * prose, are looked up one at a time: cheaper than a mask of each class for the block.
   */
  private static final int FEW = 4;

  /** From this many characters outside ASCII on, comparing a block with a range of bytes pays. */
  private static final int MANY = 8;

  /** {@link #mostNonAscii} of patterns whose words have no marks. */
  private static final int MOST_NON_ASCII = 60;

  /** {@link #mostNonAscii} of patterns whose words have marks. */
  private static final int MOST_NON_ASCII_WITH_MARKS = 20;

  private final SplitPatternRules rules;

  /** By code point, its {@link PretokenClasses}. */
  private final byte[] classes;

  /** Finds ranges of lead bytes whose characters all have one class. */
  private final UniformLeadBytes leads;

  private final PretokenMatcher matcher;

  /**
   * Above this many bytes outside ASCII in a block the matcher is faster: masks cost three
   * nanoseconds a character, long pretokens less. In patterns in which marks end words (Hindi,
   * Arabic with vowels), pretokens are short, and masks pay until the text has no spaces.
   */
  private final int mostNonAscii;

  /**
   * The length of a number's pretokens if they are counted from the right, else 0. Then runs of
   * numbers are found first and cut afterwards.
   */
  private final int lengthFromRight;

  PretokenScanner(SplitPatternRules ofPattern) {
    this.lengthFromRight = ofPattern.numbersFromRight() ? ofPattern.maxNumber() : 0;
    this.rules = lengthFromRight > 0 ? ofPattern.withUnboundedNumbers() : ofPattern;
    this.classes = PretokenClasses.table(rules);
    this.leads = new UniformLeadBytes(classes);
    this.matcher = new PretokenMatcher(rules, classes);
    this.mostNonAscii = rules.marksInWords() ? MOST_NON_ASCII_WITH_MARKS : MOST_NON_ASCII;
  }

  /**
   * Writes the ends of successive pretokens of {@code text[start, to)} to {@code ends} until the
   * text or the array is used up. A scan may continue at the last end written, even as if the text
   * began there: no pattern looks behind. {@code from} only saves time if a run of numbers was cut
   * before.
   *
   * @param text well-formed UTF-8 in {@code [from, to)}
   * @param from where the text begins
   * @param start {@code from}, or the last end written
   * @return the number of ends, 0 only if {@code start == to}; the last end equals {@code to} when
   *     the text is used up
   */
  public int scan(byte[] text, int from, int start, int to, int[] ends) {
    int count = 0;
    int at = start;
    while (at < to && count < ends.length) {
      int matchUntil = at + 1;
      if (text.length - at >= AsciiMasks.BLOCK) {
        long nonAscii = AsciiMasks.nonAscii(text, at);
        if (Long.bitCount(nonAscii) > mostNonAscii) {
          matchUntil = at + AsciiMasks.BLOCK;
        } else {
          long starts = starts(text, at, to, nonAscii);
          if (starts != 0) {
            if (lengthFromRight > 0) {
              starts |= startsInNumbers(text, at, nonAscii, starts);
            }
            count = write(starts, at, ends, count);
            at = ends[count - 1];
            continue;
          }
        }
      }
      while (at < to && at < matchUntil && count < ends.length) {
        at =
            lengthFromRight > 0 && matcher.isNumber(text, at)
                ? numberEnd(text, from, at, to)
                : matcher.end(text, at, to);
        ends[count++] = at;
      }
    }
    return count;
  }

  /**
   * The starts inside the block's runs of ASCII digits, which are cut every {@link
   * #lengthFromRight} digits counted from the right. The run after the last start may be incomplete
   * and is left out.
   */
  private long startsInNumbers(byte[] text, int at, long nonAscii, long starts) {
    long numbers = AsciiMasks.digits(text, at, nonAscii) & (Long.highestOneBit(starts) - 1);
    // Where a full pretoken of digits can begin.
    long full = numbers;
    for (int i = 1; i < lengthFromRight && full != 0; i++) {
      full &= numbers >>> i;
    }
    // The last full one of each run, then the one before each, in all runs at once.
    long lastDigits = numbers & ~(numbers >>> 1);
    long cuts = 0;
    long next = (lastDigits >>> (lengthFromRight - 1)) & full;
    while (next != 0) {
      cuts |= next;
      next = (next >>> lengthFromRight) & full;
    }
    return cuts & ~1L;
  }

  /** The end of the pretoken at {@code at}, which is a number, counted from the run's right end. */
  private int numberEnd(byte[] text, int from, int at, int to) {
    int numbers = lengthFromRight;
    // After another number, the rest of the run is a multiple: it need not be read again.
    if (at == from || !matcher.isNumber(text, CodePoints.before(text, at))) {
      int runEnd = matcher.end(text, at, to);
      int inRun = 0;
      for (int i = at; i < runEnd; i += CodePoints.length(text[i])) {
        inRun++;
      }
      // From 1 to lengthFromRight, so that the rest is a multiple.
      numbers = 1 + (inRun - 1) % lengthFromRight;
    }
    int end = at;
    for (int i = 0; i < numbers; i++) {
      end += CodePoints.length(text[end]);
    }
    return end;
  }

  /** Writes {@code at + i} for each bit i of {@code starts}, as many as fit. */
  private static int write(long starts, int at, int[] ends, int count) {
    long rest = starts;
    int end = count + Long.bitCount(starts);
    if (ends.length - count < AsciiMasks.BLOCK) {
      int last = Math.min(end, ends.length);
      for (int i = count; i < last; i++) {
        ends[i] = at + Long.numberOfTrailingZeros(rest);
        rest &= rest - 1;
      }
      return last;
    }
    // Eight at a time regardless of the count: cheaper than a mispredicted branch.
    for (int i = count; i < end; i += 8) {
      for (int j = 0; j < 8; j++) {
        ends[i + j] = at + Long.numberOfTrailingZeros(rest);
        rest &= rest - 1;
      }
    }
    return end;
  }

  /**
   * The pretoken starts in the block that begins at {@code at}, a pretoken's beginning, and the end
   * of the text if it is in the block: a bit for each byte after {@code at}. All set bits are
   * right; bits from some place on may be missing.
   *
   * <p>This is one long method because its twenty masks are local variables, which the compiler
   * keeps in registers; parts that return several of them would need an object for each block. It
   * has five steps: the classes of ASCII, those of other characters, newlines that are joined to
   * symbols, the starts of each class, and contractions.
   */
  private long starts(byte[] text, int at, int to, long nonAscii) {
    // 1. The classes of ASCII characters. Known are the bytes of the text whose class is certain.
    int bytesLeft = to - at;
    long known = bytesLeft < AsciiMasks.BLOCK ? (1L << bytesLeft) - 1 : -1L;
    long asciiLetters = AsciiMasks.letters(text, at, nonAscii);
    long letters = asciiLetters;
    long blanks = AsciiMasks.equal(text, at, nonAscii, ' ');
    long numbers;
    long spaces;
    long apostrophes;
    long newlines;
    long rare = known & ~(letters | blanks | nonAscii);
    if (Long.bitCount(rare) <= FEW) {
      numbers = 0;
      spaces = blanks;
      apostrophes = 0;
      newlines = 0;
      for (int k = 0; k < FEW; k++) {
        long bit = rare & -rare;
        int c = text[at + (Long.numberOfTrailingZeros(rare) & 63)] & 0x7F;
        numbers |= bit & AsciiMasks.IF_DIGIT[c];
        spaces |= bit & AsciiMasks.IF_TAB_OR_NEWLINE[c];
        newlines |= bit & AsciiMasks.IF_NEWLINE[c];
        apostrophes |= bit & AsciiMasks.IF_APOSTROPHE[c];
        rare &= rare - 1;
      }
    } else {
      numbers = AsciiMasks.digits(text, at, nonAscii);
      spaces = AsciiMasks.tabsAndNewlines(text, at, nonAscii) | blanks;
      apostrophes = AsciiMasks.equal(text, at, nonAscii, '\'');
      newlines = rules.onlySpacePrefix() ? 0 : AsciiMasks.newlines(text, at, nonAscii);
    }
    long upper = rules.caseSplits() ? AsciiMasks.upperCase(text, at, nonAscii) : 0;
    long lower = letters & ~upper;

    // 2. The classes of other characters. From the first hard place on, the matcher continues.
    long ideographs = 0;
    long tails = 0;
    long hard = rules.threeSplits() ? AsciiMasks.controls(text, at, nonAscii) : 0;
    if ((nonAscii & known) != 0) {
      // Classes are noted at a character's first byte, without branches, and then spread.
      tails = AsciiMasks.continuations(text, at) & known;
      long firstBytes = nonAscii & known & ~tails;
      long words = 0;
      long others = 0;
      long canBeUpper = 0;
      long canBeLower = 0;
      boolean hasMany = Long.bitCount(firstBytes) >= MANY;
      long rest = firstBytes;
      while (rest != 0) {
        int i = Long.numberOfTrailingZeros(rest);
        int range = hasMany ? leads.range(text[at + i]) : UniformLeadBytes.MIXED;
        long flags;
        long same;
        if (range == UniformLeadBytes.MIXED) {
          flags = classes[Utf8.codePoint(text, at + i)];
          same = 1L << i;
        } else {
          flags = UniformLeadBytes.flags(range);
          same =
              rest
                  & AsciiMasks.between(
                      text, at, UniformLeadBytes.lowest(range), UniformLeadBytes.highest(range));
        }
        rest &= ~same;
        words |= same & ifSet(flags, LETTER_BIT);
        others |= same & ifSet(flags, OTHER_BIT);
        if (rules.caseSplits()) {
          canBeUpper |= same & ifSet(flags, UPPER_BIT);
          canBeLower |= same & ifSet(flags, LOWER_BIT);
        } else if (rules.threeSplits()) {
          ideographs |= same & ifSet(flags, IDEOGRAPH_BIT);
        }
      }
      hard |= firstBytes & ~(words | others | ideographs);
      letters |= spread(words, tails);
      ideographs = spread(ideographs, tails);
      upper |= spread(canBeUpper & ~canBeLower, tails);
      lower |= spread(canBeLower & ~canBeUpper, tails);
      // In o200k and tekken a mark belongs to the symbols, if any, before it.
      hard |= words & others & ~(letters << 1);
      tails &= ~(letters | ideographs);
    }
    if (rules.caseSplits()) {
      // Whether upper case after a caseless letter begins a word depends on its neighbors.
      long caseless = letters & ~upper & ~lower;
      hard |= upper & (caseless << 1);
    }
    // Whether the text continues after the last known byte.
    boolean open = bytesLeft > AsciiMasks.BLOCK;
    if ((hard & known) != 0) {
      open = true;
      known &= Long.lowestOneBit(hard) - 1;
    }

    // 3. Newlines that are joined to the symbols before them, [\r\n]*, become symbols.
    // Unknown bytes count as white space, as the end of the text does for (?!\S).
    letters &= known;
    numbers &= known;
    ideographs &= known;
    tails &= known;
    spaces |= ~known;
    long symbols = ~(letters | numbers | ideographs | spaces);
    if (rules.onlySpacePrefix()) {
      newlines = 0; // white space like any other
    } else {
      newlines &= known;
      long firstJoined = newlines & (symbols << 1);
      long joinable = newlines;
      if (rules.joinsSlash() && firstJoined != 0) {
        joinable |= AsciiMasks.equal(text, at, nonAscii, '/') & known;
      }
      // Adding a run's first bit clears the run and sets the bit after it.
      long joined = (joinable & ~(joinable + firstJoined)) | firstJoined;
      symbols &= ~joined;
      spaces &= ~joined;
      newlines &= ~joined;
    }

    // 4. The starts of each class, minus those of characters that are joined to the one before.
    long numberStarts = numbers;
    if (rules.maxNumber() == Integer.MAX_VALUE) {
      numberStarts = runStarts(numbers) & ~(rules.onlySpacePrefix() ? blanks << 1 : 0);
    } else if (rules.maxNumber() > 1 && numbers != 0) {
      numberStarts = runStarts(numbers, rules.maxNumber());
    }
    long symbolStarts = runStarts(symbols) & ~(blanks << 1);
    long inLine = spaces & ~newlines; // all white space except newlines
    long isolated = rules.isolatesNumbers() ? numbers | ideographs : 0;
    long prefixes = blanks; // the white space that is joined to a letter after it
    long prefixed = 0; // the letters that are joined to a symbol before them
    long wordEnds = 0;
    if (rules.threeSplits()) {
      prefixes = inLine;
      prefixed = ((symbolStarts & ~nonAscii) << 1) & asciiLetters;
      // [!"#…][A-Za-z]+ ends before a letter outside ASCII.
      wordEnds = (asciiLetters + prefixed) & ~asciiLetters & letters;
    } else if (!rules.onlySpacePrefix()) {
      prefixes = inLine;
      prefixed = (tails + (symbolStarts << 1)) & ~tails & letters;
    }
    long wordStarts = runStarts(letters) & ~(prefixes << 1) & ~prefixed;
    // The last white space of a run is left for what follows it, unless that is isolated.
    long beforeSpaceOrIsolated = ((spaces | isolated) >>> 1) | TOP;
    long spaceStarts =
        runStarts(spaces)
            | (inLine & ~beforeSpaceOrIsolated)
            | afterLastNewlines(inLine, newlines, open);
    long starts =
        wordStarts | numberStarts | symbolStarts | spaceStarts | runStarts(ideographs) | wordEnds;
    if (rules.caseSplits()) {
      starts |= upper & (lower << 1);
    }

    // 5. Contractions.
    Contractions contractions = rules.contractions();
    if (contractions == Contractions.FOLDED_SUFFIX) {
      long inWords = apostrophes & (letters << 1) & (letters >>> 1);
      starts = joinContractions(starts, inWords, text, at, to);
      // An apostrophe at the last known byte may belong to the word before it.
      known = open ? known >>> 1 : known;
    } else if (contractions != Contractions.NONE) {
      long beforeLetters = apostrophes & symbolStarts & (letters >>> 1);
      starts = joinContractions(starts, beforeLetters, text, at, to);
    }
    starts &= known & ~1L;
    return open || bytesLeft == AsciiMasks.BLOCK ? starts : starts | (1L << bytesLeft);
  }

  /** All ones if a bit of a byte of flags is set, else 0. */
  private static long ifSet(long flags, int bit) {
    return -((flags >>> bit) & 1);
  }

  /**
   * The cuts of white space after its last newline: {@code inLine} (white space without newlines)
   * after a newline, unless another newline follows them.
   */
  private static long afterLastNewlines(long inLine, long newlines, boolean open) {
    long starts = inLine & (newlines << 1);
    if (starts == 0) {
      return 0;
    }
    // A run of inLine, added to its first bit, sets the bit after it.
    long further = (inLine + starts) & ~inLine & newlines;
    if (open) {
      // What follows a run at the block's end is unknown.
      starts &= -1L >>> Long.numberOfLeadingZeros(~inLine);
    }
    for (; further != 0; further &= further - 1) {
      long before = starts & (Long.lowestOneBit(further) - 1);
      starts ^= Long.highestOneBit(before);
    }
    return starts;
  }

  /**
   * Clears the starts inside the contractions at the apostrophes and sets one after each. If
   * contractions belong to the word before them, the start at an apostrophe is cleared too, and one
   * directly after another does not count.
   */
  private long joinContractions(long starts, long apostrophes, byte[] text, int at, int to) {
    Contractions contractions = rules.contractions();
    boolean followsWord = contractions == Contractions.FOLDED_SUFFIX;
    int firstCleared = followsWord ? 0 : 1;
    long joined = starts;
    int previousEnd = -1;
    for (long rest = apostrophes; rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      boolean mayFollow = !followsWord || i != previousEnd;
      int length = mayFollow ? contractions.length(text, at + i, to) : 0;
      if (length > 0) {
        previousEnd = i + length;
        joined &= ~((-1L << (i + firstCleared)) & ~bitsFrom(previousEnd));
        joined |= bitsFrom(previousEnd) & -bitsFrom(previousEnd);
      }
    }
    return joined;
  }

  /** All bits from {@code i} on; none if {@code i} is 64 or more. */
  private static long bitsFrom(int i) {
    return i < Long.SIZE ? -1L << i : 0;
  }

  /** The first bit of each run. */
  private static long runStarts(long mask) {
    return mask & ~(mask << 1);
  }

  /** The first bit of each run, and each bit {@code most} places after one of these in the run. */
  private static long runStarts(long mask, int most) {
    long starts = runStarts(mask);
    long further = mask;
    for (int i = 1; i <= most && further != 0; i++) {
      further &= mask >>> i;
    }
    for (long next = starts & further; next != 0; next &= further) {
      next <<= most;
      starts |= next;
    }
    return starts;
  }

  /** Extends the first bytes of characters to all their bytes. */
  private static long spread(long firstBytes, long continuations) {
    long two = firstBytes | ((firstBytes << 1) & continuations);
    long three = two | ((two << 1) & continuations);
    return three | ((three << 1) & continuations);
  }
}
