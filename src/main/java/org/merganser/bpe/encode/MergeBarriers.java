package org.merganser.bpe.encode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;

/**
 * Finds barriers: places inside a pretoken that no merge can cross, so that the parts on both sides
 * can be encoded separately and cached. This makes scripts without spaces fast: a Chinese pretoken
 * has a hundred bytes and hardly ever occurs twice, but it has a barrier every three to five bytes.
 *
 * <p>A merge crosses the boundary between the characters x and y only if its token holds x's last
 * byte followed by y's first, and the token's bytes equal the text around the place. So the
 * boundary between two well-formed characters is a barrier unless a token that some merge produces
 *
 * <ul>
 *   <li>holds both characters completely, side by side. Such pairs are marked in a bit set by their
 *       hash (a collision only hides a barrier). If both have three bytes, as in Thai or Chinese,
 *       the token's bytes before or after them must also match the text: if the token has three
 *       more bytes after y, these are marked with the pair, else the three before x, else the pair
 *       alone. A vocabulary of 200,000 joins nearly every two Thai letters in some token, but
 *       seldom in the given text. Or it
 *   <li>begins within x or ends within y, as byte-level tokens may. Then its bytes of both are
 *       marked, and a table by x's last and y's first byte has their numbers.
 * </ul>
 *
 * No token crosses an earlier barrier, so the text before that barrier does not count as text
 * around the place.
 *
 * <p>If no merge crosses, the lowest-ranked leftmost pair of the pretoken is always that of one
 * side, and a merge on one side does not change the other: merging both separately produces the
 * same symbols. Immutable.
 */
final class MergeBarriers {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  static final int MALFORMED = 0;

  /** The smallest code point that needs this many bytes. */
  private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

  private final long[] pairs;
  private final int pairShift;

  /**
   * By x's last and y's first byte: the numbers of bytes of x and y in the tokens that begin within
   * x or end within y; i bytes of x and j of y are bit {@code 4 * (i - 1) + j - 1}.
   */
  private final char[] partial = new char[256 * 256];

  /** Bits at the {@link #hash(int, int, int)} of a token's bytes on both sides of a place. */
  private final long[] surroundings;

  /** Kind of surroundings: a pair alone. */
  private static final int ALONE = 0;

  /** A pair and the three bytes after it. */
  private static final int AFTER = 1 << 24;

  /** A pair and the three bytes before it. */
  private static final int BEFORE = 2 << 24;

  /** Some bytes of x and some of y. */
  private static final int PARTIAL = 3 << 24;

  /** Code points that are first symbols themselves; null if the bytes of every character are. */
  private final long @Nullable [] known;

  /**
   * @param known the code points that are tokens; others (which fall back to bytes or become
   *     unknown tokens) have no barrier next to them. Null for a byte-level model with all bytes
   */
  private MergeBarriers(long @Nullable [] known, int pairsExpected) {
    this.known = known;
    int log = Math.min(21, Math.max(12, 35 - Integer.numberOfLeadingZeros(pairsExpected)));
    this.pairs = new long[1 << log - 6];
    this.pairShift = 64 - log;
    this.surroundings = new long[1 << log - 6];
  }

  /**
   * @param texts the bytes of each entry; null for one that no text is encoded to
   */
  static MergeBarriers ofBytes(
      Vocabulary vocabulary, byte[] @Nullable [] texts, MergeTable merges) {
    MergeBarriers barriers = new MergeBarriers(null, vocabulary.size() / 4);
    for (int rank = 0; rank < merges.size(); rank++) {
      byte[] token = texts[vocabulary.entry(merges.result(rank))];
      if (token != null) {
        barriers.mark(token, 0, token.length);
      }
    }
    return barriers;
  }

  static MergeBarriers ofCharacters(Vocabulary vocabulary, MergeTable merges) {
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
    MergeBarriers barriers = new MergeBarriers(known, vocabulary.size() / 4);
    for (int rank = 0; rank < merges.size(); rank++) {
      int entry = vocabulary.entry(merges.result(rank));
      barriers.mark(bytes, vocabulary.start(entry), vocabulary.start(entry + 1));
    }
    return barriers;
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
      // Bytes that begin no character are marked in vain: no well-formed one has them.
      boolean rightCut = right == MALFORMED && to - cut < wanted(token[cut]);
      if (left != MALFORMED && right != MALFORMED) {
        long bit = hash(left, right);
        pairs[(int) (bit >>> 6)] |= 1L << bit;
        if (isOfThree(left) && isOfThree(right)) {
          if (cut + 6 <= to) {
            surround(left, right, AFTER | three(token, cut + 3));
          } else if (cut - 6 >= from) {
            surround(left, right, BEFORE | three(token, cut - 6));
          } else {
            surround(left, right, ALONE);
          }
        }
      } else if ((leftCut || left != MALFORMED) && (rightCut || right != MALFORMED)) {
        // More than three continuation bytes never end a character.
        int ofLeft = leftCut ? cut - lead : length(left);
        int ofRight = rightCut ? to - cut : length(right);
        if (ofLeft <= 4) {
          int edge = (token[cut - 1] & 0xFF) << 8 | (token[cut] & 0xFF);
          partial[edge] |= (char) (1 << 4 * (ofLeft - 1) + ofRight - 1);
          surround(bytes(token, cut - ofLeft, ofLeft), bytes(token, cut, ofRight), PARTIAL);
        }
      }
      // Otherwise the token holds a malformed character, which never has a barrier.
    }
  }

  private void surround(int left, int right, int context) {
    long bit = hash(left, right, context);
    surroundings[(int) (bit >>> 6)] |= 1L << bit;
  }

  private boolean isSurrounded(int left, int right, int context) {
    long bit = hash(left, right, context);
    return (surroundings[(int) (bit >>> 6)] >>> bit & 1) != 0;
  }

  private static boolean isOfThree(int character) {
    return character >>> 16 != 0 && character >>> 24 == 0;
  }

  private static int three(byte[] text, int at) {
    return (text[at] & 0xFF) | (text[at + 1] & 0xFF) << 8 | (text[at + 2] & 0xFF) << 16;
  }

  private static int bytes(byte[] text, int at, int count) {
    int bytes = 0;
    for (int i = count - 1; i >= 0; i--) {
      bytes = bytes << 8 | (text[at + i] & 0xFF);
    }
    return bytes;
  }

  /** The end of the part that begins at {@code from}: the next barrier, or {@code to}. */
  int next(byte[] text, int from, int to) {
    int character = character(text, from, to);
    int at = from + length(character);
    while (at < to) {
      int following = character(text, at, to);
      if (isBarrier(text, from, at, to, character, following)) {
        return at;
      }
      character = following;
      at += length(character);
    }
    return to;
  }

  /**
   * Whether no merge joins the character x and y after it, both as {@link #character} returns them.
   *
   * @param from the barrier before, or the pretoken's start
   * @param at where x ends and y begins
   * @param to the pretoken's end
   */
  boolean isBarrier(byte[] text, int from, int at, int to, int x, int y) {
    if (x == MALFORMED || y == MALFORMED) {
      return false;
    }
    long bit = hash(x, y);
    if ((pairs[(int) (bit >>> 6)] >>> bit & 1) != 0 && isJoined(text, from, at, to, x, y)) {
      return false;
    }
    int edge = (text[at - 1] & 0xFF) << 8 | (y & 0xFF);
    int numbers = partial[edge];
    if (numbers != 0 && isJoinedInPart(x, y, numbers)) {
      return false;
    }
    return known == null || isKnown(known, x) && isKnown(known, y);
  }

  private boolean isJoined(byte[] text, int from, int at, int to, int x, int y) {
    return !isOfThree(x)
        || !isOfThree(y)
        || isSurrounded(x, y, ALONE)
        || at + 6 <= to && isSurrounded(x, y, AFTER | three(text, at + 3))
        || at - 6 >= from && isSurrounded(x, y, BEFORE | three(text, at - 6));
  }

  private boolean isJoinedInPart(int x, int y, int numbers) {
    int ofX = length(x);
    int ofY = length(y);
    for (int rest = numbers; rest != 0; rest &= rest - 1) {
      int number = Integer.numberOfTrailingZeros(rest);
      int i = (number >> 2) + 1;
      int j = (number & 3) + 1;
      if (i <= ofX
          && j <= ofY
          && isSurrounded(x >>> 8 * (ofX - i), y & -1 >>> 32 - 8 * j, PARTIAL)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isKnown(long[] known, int character) {
    int codePoint = codePoint(character);
    // An overlong form (two bytes for "A") is other text than its character.
    boolean shortest = codePoint >= SMALLEST[length(character)];
    return shortest && ((known[codePoint >> 6] >>> codePoint) & 1) != 0;
  }

  private long hash(int x, int y) {
    return ((long) x << 32 | y & 0xFFFFFFFFL) * 0x9E37_79B9_7F4A_7C15L >>> pairShift;
  }

  private long hash(int x, int y, int context) {
    long pair = ((long) x << 32 | y & 0xFFFFFFFFL) * 0x9E37_79B9_7F4A_7C15L;
    return ((pair ^ pair >>> 32) + context) * 0xD6E8_FEB8_6659_FD93L >>> pairShift;
  }

  /**
   * The well-formed character at {@code at} as its UTF-8 bytes, the first lowest ("é" is 0xA9C3),
   * or {@link #MALFORMED}. NUL, whose bytes would be 0, counts as malformed and never has a
   * barrier.
   */
  static int character(byte[] text, int at, int to) {
    if (at + 4 <= to) {
      // Three bytes and no continuation after them: small enough to be compiled into its callers.
      int bytes = (int) INTS.get(text, at);
      if ((bytes & 0x00C0_C0F0) == 0x0080_80E0 && (bytes & 0xC000_0000) != 0x8000_0000) {
        return bytes & 0x00FF_FFFF;
      }
    }
    return anyCharacter(text, at, to);
  }

  private static int anyCharacter(byte[] text, int at, int to) {
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

  /** The bytes of a character; 1 for a malformed one, so that the next byte is tried. */
  static int length(int character) {
    return character == MALFORMED ? 1 : 4 - Integer.numberOfLeadingZeros(character) / 8;
  }

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
