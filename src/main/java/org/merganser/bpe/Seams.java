package org.merganser.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Places inside a pretoken over which no merge can ever reach, so that the parts on both sides are
 * encoded each on its own, and found in the cache. That is what makes scripts without spaces fast:
 * a Chinese pretoken has a hundred bytes and is never met twice, its seams lie every three to five
 * bytes.
 *
 * <p>A merge reaches over the boundary between the characters x and y only if the token it makes
 * holds x's last byte followed by y's first. So between two well-formed characters there is a seam
 * unless a token that some merge makes
 *
 * <ul>
 *   <li>holds both characters in full, side by side: such pairs are marked in a bit set by their
 *       hash (a collision only hides a seam), or
 *   <li>begins within x or ends within y, as byte-level tokens may: then x's last and y's first
 *       byte are marked in a table of 256 × 256 bits, for whatever characters have them.
 * </ul>
 *
 * Where no merge crosses, the lowest-ranked leftmost pair of the whole is always that of one of the
 * sides, and what happens on one side doesn't change the other: merging them apart gives the same
 * symbols. Immutable.
 */
final class Seams {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Stands for a byte that is no part of a well-formed character. */
  static final int MALFORMED = 0;

  /** The smallest code point that needs this many bytes. */
  private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

  private final long[] pairs;
  private final int pairShift;
  private final long[] partial = new long[256 * 256 / 64];

  /** Code points that are first symbols themselves, or null when every character's bytes are. */
  private final long @Nullable [] known;

  /**
   * @param known the code points that the vocabulary has as tokens of their own; others (which fall
   *     back to bytes or become unknown tokens) have no seam beside them. Null for a byte-level
   *     model with all bytes
   */
  private Seams(long @Nullable [] known, int pairsExpected) {
    this.known = known;
    int log = Math.min(21, Math.max(12, 35 - Integer.numberOfLeadingZeros(pairsExpected)));
    this.pairs = new long[1 << log - 6];
    this.pairShift = 64 - log;
  }

  /** The seams of a byte-level model that has all 256 bytes and no affixes. */
  static Seams ofBytes(Vocabulary vocabulary, MergeTable merges) {
    Seams seams = new Seams(null, vocabulary.size() / 4);
    for (int rank = 0; rank < merges.size(); rank++) {
      byte[] token = ByteAlphabet.toBytes(vocabulary.string(vocabulary.entry(merges.result(rank))));
      // Null: no byte has such a character, so no text comes to this token.
      if (token != null) {
        seams.mark(token, 0, token.length);
      }
    }
    return seams;
  }

  /** The seams of a model over characters that has no affixes. */
  static Seams ofCharacters(Vocabulary vocabulary, MergeTable merges) {
    long[] known = new long[1 << 21 - 6];
    byte[] bytes = vocabulary.bytes();
    for (int entry = 0; entry < vocabulary.size(); entry++) {
      int from = vocabulary.start(entry);
      int character = character(bytes, from, vocabulary.start(entry + 1));
      if (character != MALFORMED && from + length(character) == vocabulary.start(entry + 1)) {
        int codePoint = codePoint(character);
        known[codePoint >> 6] |= 1L << codePoint;
      }
    }
    Seams seams = new Seams(known, vocabulary.size() / 4);
    for (int rank = 0; rank < merges.size(); rank++) {
      int entry = vocabulary.entry(merges.result(rank));
      seams.mark(bytes, vocabulary.start(entry), vocabulary.start(entry + 1));
    }
    return seams;
  }

  private void mark(byte[] token, int from, int to) {
    for (int cut = from + 1; cut < to; cut++) {
      if (isContinuation(token[cut])) {
        continue;
      }
      int lead = cut - 1;
      while (lead > from && isContinuation(token[lead])) {
        lead--;
      }
      int left = isContinuation(token[lead]) ? MALFORMED : character(token, lead, cut);
      boolean leftCut = isContinuation(token[lead]);
      int right = character(token, cut, to);
      boolean rightCut = right == MALFORMED && runsOut(token, cut, to);
      if (left != MALFORMED && right != MALFORMED) {
        long bit = hash(left, right);
        pairs[(int) (bit >>> 6)] |= 1L << bit;
      } else if ((leftCut || left != MALFORMED) && (rightCut || right != MALFORMED)) {
        int edge = (token[cut - 1] & 0xFF) << 8 | (token[cut] & 0xFF);
        partial[edge >> 6] |= 1L << edge;
      }
      // Else the token holds a malformed character, beside which no seam is ever told.
    }
  }

  /** Whether the character at {@code at} is only malformed because the token ends within it. */
  private static boolean runsOut(byte[] token, int at, int to) {
    int wanted = wanted(token[at]);
    for (int i = at + 1; i < at + wanted; i++) {
      if (i == to) {
        return true;
      }
      if (!isContinuation(token[i])) {
        return false;
      }
    }
    return false;
  }

  /** The end of the part that begins at {@code from}: the first seam behind it, or {@code to}. */
  int next(byte[] text, int from, int to) {
    int character = character(text, from, to);
    int at = from + length(character);
    while (at < to) {
      int following = character(text, at, to);
      if (isSeam(character, following)) {
        return at;
      }
      character = following;
      at += length(character);
    }
    return to;
  }

  /**
   * Whether no merge reaches from the character x to y behind it, as {@link #character} has them.
   */
  boolean isSeam(int x, int y) {
    if (x == MALFORMED || y == MALFORMED) {
      return false;
    }
    long bit = hash(x, y);
    // The last byte of x is its highest one, the first of y its lowest.
    int last = x >>> 24 - Integer.numberOfLeadingZeros(x) / 8 * 8;
    int edge = last << 8 | (y & 0xFF);
    if (((pairs[(int) (bit >>> 6)] >>> bit) & 1) != 0 || ((partial[edge >> 6] >>> edge) & 1) != 0) {
      return false;
    }
    return known == null || isKnown(x) && isKnown(y);
  }

  private boolean isKnown(int character) {
    int codePoint = codePoint(character);
    // An overlong form (two bytes for "A") is another text than the character it imitates.
    boolean shortest = codePoint >= SMALLEST[length(character)];
    return known == null || shortest && ((known[codePoint >> 6] >>> codePoint) & 1) != 0;
  }

  private long hash(int x, int y) {
    return ((long) x << 32 | y & 0xFFFFFFFFL) * 0x9E37_79B9_7F4A_7C15L >>> pairShift;
  }

  /**
   * The well-formed character at {@code at} as its UTF-8 bytes, the first lowest ("é" is 0xA9C3),
   * or {@link #MALFORMED}. NUL, whose bytes would be 0, counts as malformed: no seam beside it.
   */
  static int character(byte[] text, int at, int to) {
    int lead = text[at];
    if (lead >= 0) {
      return at + 1 < to && isContinuation(text[at + 1]) ? MALFORMED : lead;
    }
    int wanted = wanted(text[at]);
    if (at + wanted > to) {
      return MALFORMED;
    }
    int bytes;
    if (at + 4 <= text.length) {
      bytes = (int) INTS.get(text, at) & -1 >>> 32 - 8 * wanted;
    } else {
      bytes = 0;
      for (int i = wanted - 1; i >= 0; i--) {
        bytes = bytes << 8 | (text[at + i] & 0xFF);
      }
    }
    int marks = 0xC0C0C000 & -1 >>> 32 - 8 * wanted;
    boolean whole =
        wanted > 1
            && (bytes & marks) == (0x80808000 & marks)
            && (at + wanted == to || !isContinuation(text[at + wanted]));
    return whole ? bytes : MALFORMED;
  }

  /** Bytes of a character, 1 for a malformed one: the next byte is tried then. */
  static int length(int character) {
    return character == MALFORMED ? 1 : 4 - Integer.numberOfLeadingZeros(character) / 8;
  }

  /** How many bytes a lead byte announces; 1 for a continuation byte or ASCII. */
  private static int wanted(byte lead) {
    int b = lead & 0xFF;
    return b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private static int codePoint(int character) {
    int a = character & 0xFF;
    int b = character >>> 8 & 0x3F;
    int c = character >>> 16 & 0x3F;
    return switch (length(character)) {
      case 1 -> a;
      case 2 -> (a & 0x1F) << 6 | b;
      case 3 -> (a & 0x0F) << 12 | b << 6 | c;
      default -> ((a & 0x07) << 18 | b << 12 | c << 6 | character >>> 24 & 0x3F) & 0x1FFFFF;
    };
  }
}
