package org.merganser.bpe.encode;

import static org.merganser.bpe.encode.PackedCharacter.MALFORMED;

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
  /** Kind of surroundings: a pair alone. */
  private static final int ALONE = 0;

  /** Kind of surroundings: a pair and the three bytes after it. */
  private static final int AFTER = 1 << 24;

  /** Kind of surroundings: a pair and the three bytes before it. */
  private static final int BEFORE = 2 << 24;

  /** Kind of surroundings: some bytes of x and some of y. */
  private static final int PARTIAL = 3 << 24;

  /** The smallest code point that needs this many bytes. */
  private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

  /** Bits at the {@link #hash(int, int)} of the pairs that a token holds completely. */
  private final long[] pairs;

  /** The shift of a hash to the number of a bit. */
  private final int bitShift;

  /**
   * By x's last and y's first byte: the numbers of bytes of x and y in the tokens that begin within
   * x or end within y; i bytes of x and j of y are bit {@code 4 * (i - 1) + j - 1}.
   */
  private final char[] partial = new char[256 * 256];

  /** Bits at the {@link #hash(int, int, int)} of a token's bytes on both sides of a place. */
  private final long[] surroundings;

  /** Code points that are first symbols themselves; null if the bytes of every character are. */
  private final long @Nullable [] known;

  /**
   * @param known the code points that are tokens; others (which fall back to bytes or become
   *     unknown tokens) have no barrier next to them. Null for a byte-level model with all bytes
   * @param pairsExpected determines the size of the bit sets
   */
  private MergeBarriers(long @Nullable [] known, int pairsExpected) {
    this.known = known;
    // Eight to sixteen bits for each expected pair, but from 4,096 to 2 million.
    int log = Math.min(21, Math.max(12, 35 - Integer.numberOfLeadingZeros(pairsExpected)));
    this.pairs = new long[1 << (log - 6)];
    this.bitShift = 64 - log;
    this.surroundings = new long[1 << (log - 6)];
  }

  /**
   * The barriers of a byte-level model.
   *
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

  /** The barriers of a model whose first symbols are characters. */
  static MergeBarriers ofCharacters(Vocabulary vocabulary, MergeTable merges) {
    byte[] bytes = vocabulary.bytes();
    MergeBarriers barriers = new MergeBarriers(knownCharacters(vocabulary), vocabulary.size() / 4);
    for (int rank = 0; rank < merges.size(); rank++) {
      int entry = vocabulary.entry(merges.result(rank));
      barriers.mark(bytes, vocabulary.start(entry), vocabulary.start(entry + 1));
    }
    return barriers;
  }

  /** A bit for each code point, set for those that are tokens. */
  private static long[] knownCharacters(Vocabulary vocabulary) {
    long[] known = new long[1 << (21 - 6)];
    byte[] bytes = vocabulary.bytes();
    for (int entry = 0; entry < vocabulary.size(); entry++) {
      int from = vocabulary.start(entry);
      int to = vocabulary.start(entry + 1);
      int character = PackedCharacter.at(bytes, from, to);
      if (character != MALFORMED && from + PackedCharacter.length(character) == to) {
        int codePoint = PackedCharacter.codePoint(character);
        known[codePoint >> 6] |= 1L << codePoint;
      }
    }
    return known;
  }

  /** Marks all places inside a token, which a merge crosses. */
  private void mark(byte[] token, int from, int to) {
    for (int cut = from + 1; cut < to; cut++) {
      if (!PackedCharacter.isContinuation(token[cut])) {
        markPlace(token, from, cut, to);
      }
    }
  }

  /** Marks the place at {@code cut}, where a character or another byte begins. */
  private void markPlace(byte[] token, int from, int cut, int to) {
    int lead = cut - 1;
    while (lead > from && PackedCharacter.isContinuation(token[lead])) {
      lead--;
    }
    boolean leftCut = PackedCharacter.isContinuation(token[lead]);
    int left = leftCut ? MALFORMED : PackedCharacter.at(token, lead, cut);
    int right = PackedCharacter.at(token, cut, to);
    // Bytes that begin no character are marked in vain: no well-formed one has them.
    boolean rightCut = right == MALFORMED && to - cut < PackedCharacter.lengthByLead(token[cut]);
    if (left != MALFORMED && right != MALFORMED) {
      markPair(token, from, cut, to, left, right);
      return;
    }
    boolean hasLeft = leftCut || left != MALFORMED;
    boolean hasRight = rightCut || right != MALFORMED;
    int ofLeft = leftCut ? cut - lead : PackedCharacter.length(left);
    // A token with a malformed character is never in text with a barrier beside that character,
    // and more than three continuation bytes never end a character.
    if (hasLeft && hasRight && ofLeft <= 4) {
      markPartial(token, cut, ofLeft, rightCut ? to - cut : PackedCharacter.length(right));
    }
  }

  /** Marks two characters that the token {@code token[from, to)} holds completely. */
  private void markPair(byte[] token, int from, int cut, int to, int left, int right) {
    long bit = hash(left, right);
    pairs[(int) (bit >>> 6)] |= 1L << bit;
    if (!PackedCharacter.isOfThree(left) || !PackedCharacter.isOfThree(right)) {
      return;
    }
    if (cut + 6 <= to) {
      surround(left, right, AFTER | threeBytes(token, cut + 3));
    } else if (cut - 6 >= from) {
      surround(left, right, BEFORE | threeBytes(token, cut - 6));
    } else {
      surround(left, right, ALONE);
    }
  }

  /** Marks the last bytes of one character and the first ones of the next. */
  private void markPartial(byte[] token, int cut, int ofLeft, int ofRight) {
    int edge = (token[cut - 1] & 0xFF) << 8 | (token[cut] & 0xFF);
    partial[edge] |= (char) (1 << (4 * (ofLeft - 1) + ofRight - 1));
    int left = PackedCharacter.bytes(token, cut - ofLeft, ofLeft);
    int right = PackedCharacter.bytes(token, cut, ofRight);
    surround(left, right, PARTIAL);
  }

  private void surround(int left, int right, int context) {
    long bit = hash(left, right, context);
    surroundings[(int) (bit >>> 6)] |= 1L << bit;
  }

  private boolean isSurrounded(int left, int right, int context) {
    long bit = hash(left, right, context);
    return ((surroundings[(int) (bit >>> 6)] >>> bit) & 1) != 0;
  }

  /** The end of the part that begins at {@code from}: the next barrier, or {@code to}. */
  int next(byte[] text, int from, int to) {
    int character = PackedCharacter.at(text, from, to);
    int at = from + PackedCharacter.length(character);
    while (at < to) {
      int following = PackedCharacter.at(text, at, to);
      if (isBarrier(text, from, at, to, character, following)) {
        return at;
      }
      character = following;
      at += PackedCharacter.length(character);
    }
    return to;
  }

  /**
   * Whether no merge joins the character x and y after it, each a {@link PackedCharacter}.
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
    boolean isMarked = ((pairs[(int) (bit >>> 6)] >>> bit) & 1) != 0;
    if (isMarked && isJoined(text, from, at, to, x, y)) {
      return false;
    }
    int edge = (text[at - 1] & 0xFF) << 8 | (y & 0xFF);
    int numbers = partial[edge];
    if (numbers != 0 && isJoinedInPart(x, y, numbers)) {
      return false;
    }
    return known == null || (isKnown(known, x) && isKnown(known, y));
  }

  /** Whether the token of a marked pair can be in this text: its further bytes match. */
  private boolean isJoined(byte[] text, int from, int at, int to, int x, int y) {
    return !PackedCharacter.isOfThree(x)
        || !PackedCharacter.isOfThree(y)
        || isSurrounded(x, y, ALONE)
        || (at + 6 <= to && isSurrounded(x, y, AFTER | threeBytes(text, at + 3)))
        || (at - 6 >= from && isSurrounded(x, y, BEFORE | threeBytes(text, at - 6)));
  }

  private static int threeBytes(byte[] text, int at) {
    return (text[at] & 0xFF) | (text[at + 1] & 0xFF) << 8 | (text[at + 2] & 0xFF) << 16;
  }

  /** Whether some token begins within x or ends within y and has their bytes there. */
  private boolean isJoinedInPart(int x, int y, int numbers) {
    int ofX = PackedCharacter.length(x);
    int ofY = PackedCharacter.length(y);
    for (int rest = numbers; rest != 0; rest &= rest - 1) {
      int number = Integer.numberOfTrailingZeros(rest);
      int i = (number >> 2) + 1;
      int j = (number & 3) + 1;
      if (i > ofX || j > ofY) {
        continue;
      }
      int lastOfX = x >>> (8 * (ofX - i));
      int firstOfY = y & PackedCharacter.lowBytes(j);
      if (isSurrounded(lastOfX, firstOfY, PARTIAL)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isKnown(long[] known, int character) {
    int codePoint = PackedCharacter.codePoint(character);
    // An overlong form (two bytes for "A") is other text than its character.
    boolean shortest = codePoint >= SMALLEST[PackedCharacter.length(character)];
    return shortest && ((known[codePoint >> 6] >>> codePoint) & 1) != 0;
  }

  /** The number of a bit for a pair. */
  private long hash(int x, int y) {
    return mixed(x, y) >>> bitShift;
  }

  /** The number of a bit for a pair with its surroundings. */
  private long hash(int x, int y, int context) {
    long pair = mixed(x, y);
    return (((pair ^ (pair >>> 32)) + context) * 0xD6E8_FEB8_6659_FD93L) >>> bitShift;
  }

  private static long mixed(int x, int y) {
    return (((long) x << 32) | (y & 0xFFFFFFFFL)) * 0x9E37_79B9_7F4A_7C15L;
  }
}
