package org.merganser.bpe.encode;

import static org.merganser.bpe.encode.PackedCharacter.MALFORMED;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.HashMultiplier;
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
 *       hash (a collision only hides a barrier). A vocabulary of 200,000 joins nearly every two
 *       Thai letters in some token, but seldom in the given text. So if both characters have three
 *       bytes, as in Thai or Chinese, the token's bytes before or after them must also match the
 *       text: if the token has three more bytes after y, these are marked with the pair, else the
 *       three before x, else the pair alone. Example: the token 中国人 marks the pair 中国 with 人 after
 *       it, and the pair 国人 with 中 before it. Or it
 *   <li>begins within x or ends within y, as byte-level tokens may. Then its bytes of both are
 *       marked, and a table by x's last and y's first byte has how many bytes of each these are: a
 *       {@link #lengthPair}. Example: a token of the last two bytes of 中 and the first one of 国 has
 *       the lengths 2 and 1.
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

  /** All numbers that four bytes of UTF-8 can have, also those above the last code point. */
  private static final int CODE_POINTS = 1 << 21;

  /** By number of bytes, the smallest code point that needs as many. */
  private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

  /** Bits at the {@link #hash(int, int)} of the pairs that a token holds completely. */
  private final long[] pairs;

  /** The shift of a hash to the number of a bit. */
  private final int bitShift;

  /**
   * By x's last and y's first byte: a bit for each {@link #lengthPair} of the tokens that begin
   * within x or end within y.
   */
  private final char[] partial = new char[256 * 256];

  /** Bits at the {@link #hash(int, int, int)} of a token's bytes on both sides of a place. */
  private final long[] surroundings;

  /** Code points that are first symbols themselves; null if the bytes of every character are. */
  private final long @Nullable [] known;

  /**
   * @param known the code points that are tokens; others (which fall back to bytes or become
   *     unknown tokens) have no barrier next to them. Null for a byte-level model with all bytes
   * @param expectedPairs determines the size of the bit sets
   */
  private MergeBarriers(long @Nullable [] known, int expectedPairs) {
    this.known = known;
    int pairsLog = Integer.SIZE - Integer.numberOfLeadingZeros(expectedPairs);
    // 8 to 16 bits for each expected pair, but from 4,096 to 2 million.
    int log = Math.min(21, Math.max(12, pairsLog + 3));
    this.pairs = new long[(1 << log) / Long.SIZE];
    this.bitShift = Long.SIZE - log;
    this.surroundings = new long[(1 << log) / Long.SIZE];
  }

  /**
   * The barriers of a byte-level model.
   *
   * @param texts the bytes of each entry; null for one that no text is encoded to
   */
  static MergeBarriers ofBytes(
      Vocabulary vocabulary, byte[] @Nullable [] texts, MergeTable merges) {
    MergeBarriers barriers = new MergeBarriers(null, expectedPairs(vocabulary));
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
    MergeBarriers barriers =
        new MergeBarriers(knownCharacters(vocabulary), expectedPairs(vocabulary));
    for (int rank = 0; rank < merges.size(); rank++) {
      int entry = vocabulary.entry(merges.result(rank));
      barriers.mark(bytes, vocabulary.start(entry), vocabulary.start(entry + 1));
    }
    return barriers;
  }

  /** An estimate of the pairs that tokens hold: one for four tokens. */
  private static int expectedPairs(Vocabulary vocabulary) {
    return vocabulary.size() / 4;
  }

  /** A bit for each code point, set for those that are tokens. */
  private static long[] knownCharacters(Vocabulary vocabulary) {
    long[] known = new long[CODE_POINTS / Long.SIZE];
    byte[] bytes = vocabulary.bytes();
    for (int entry = 0; entry < vocabulary.size(); entry++) {
      int from = vocabulary.start(entry);
      int to = vocabulary.start(entry + 1);
      int character = from < to ? PackedCharacter.at(bytes, from, to) : MALFORMED;
      if (character != MALFORMED && from + PackedCharacter.length(character) == to) {
        int codePoint = PackedCharacter.codePoint(character);
        known[codePoint >> 6] |= 1L << codePoint;
      }
    }
    return known;
  }

  /** Marks all places inside a token, which a merge crosses. */
  private void mark(byte[] token, int from, int to) {
    for (int place = from + 1; place < to; place++) {
      if (!PackedCharacter.isContinuation(token[place])) {
        markPlace(token, from, place, to);
      }
    }
  }

  /**
   * Marks a place in a token at which a character begins, or a byte that is part of none: as a pair
   * if the characters on both sides are complete, else as parts of characters.
   */
  private void markPlace(byte[] token, int from, int place, int to) {
    int lead = place - 1;
    while (lead > from && PackedCharacter.isContinuation(token[lead])) {
      lead--;
    }
    // A token may begin within the left character, and end within the right one.
    boolean leftInPart = PackedCharacter.isContinuation(token[lead]);
    int left = leftInPart ? MALFORMED : PackedCharacter.at(token, lead, place);
    int right = PackedCharacter.at(token, place, to);
    // Bytes that begin no character are marked in vain: no well-formed one has them.
    boolean rightInPart =
        right == MALFORMED && to - place < PackedCharacter.lengthByLead(token[place]);
    if (left != MALFORMED && right != MALFORMED) {
      markPair(token, from, place, to, left, right);
      return;
    }
    boolean hasLeft = leftInPart || left != MALFORMED;
    boolean hasRight = rightInPart || right != MALFORMED;
    int ofLeft = leftInPart ? place - lead : PackedCharacter.length(left);
    // A token with a malformed character is never in text with a barrier beside that character,
    // and more than three continuation bytes never end a character.
    if (hasLeft && hasRight && ofLeft <= 4) {
      markPartial(token, place, ofLeft, rightInPart ? to - place : PackedCharacter.length(right));
    }
  }

  /** Marks two characters that the token {@code token[from, to)} holds completely. */
  private void markPair(byte[] token, int from, int place, int to, int left, int right) {
    long bit = hash(left, right);
    pairs[(int) (bit >>> 6)] |= 1L << bit;
    if (!PackedCharacter.hasThreeBytes(left) || !PackedCharacter.hasThreeBytes(right)) {
      return;
    }
    if (place + 6 <= to) {
      markSurroundings(left, right, AFTER | threeBytes(token, place + 3));
    } else if (place - 6 >= from) {
      markSurroundings(left, right, BEFORE | threeBytes(token, place - 6));
    } else {
      markSurroundings(left, right, ALONE);
    }
  }

  /** Marks the last bytes of one character and the first ones of the next. */
  private void markPartial(byte[] token, int place, int ofLeft, int ofRight) {
    int edge = ((token[place - 1] & 0xFF) << 8) | (token[place] & 0xFF);
    partial[edge] |= (char) (1 << lengthPair(ofLeft, ofRight));
    int left = PackedCharacter.bytes(token, place - ofLeft, ofLeft);
    int right = PackedCharacter.bytes(token, place, ofRight);
    markSurroundings(left, right, PARTIAL);
  }

  /** The number of a bit for 1 to 4 bytes of one character and 1 to 4 of the next. */
  private static int lengthPair(int ofLeft, int ofRight) {
    return 4 * (ofLeft - 1) + ofRight - 1;
  }

  /**
   * Marks a pair, or parts of its characters.
   *
   * @param context a kind of surroundings, with the bytes of {@link #AFTER} or {@link #BEFORE}
   */
  private void markSurroundings(int left, int right, int context) {
    long bit = hash(left, right, context);
    surroundings[(int) (bit >>> 6)] |= 1L << bit;
  }

  /** Whether {@link #markSurroundings} marked the same; true by a collision too. */
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
    int edge = ((text[at - 1] & 0xFF) << 8) | (y & 0xFF);
    int lengthPairs = partial[edge];
    if (lengthPairs != 0 && isJoinedInPart(x, y, lengthPairs)) {
      return false;
    }
    return known == null || (isKnown(known, x) && isKnown(known, y));
  }

  /** Whether the token of a marked pair can be in this text: its further bytes match. */
  private boolean isJoined(byte[] text, int from, int at, int to, int x, int y) {
    return !PackedCharacter.hasThreeBytes(x)
        || !PackedCharacter.hasThreeBytes(y)
        || isSurrounded(x, y, ALONE)
        || (at + 6 <= to && isSurrounded(x, y, AFTER | threeBytes(text, at + 3)))
        || (at - 6 >= from && isSurrounded(x, y, BEFORE | threeBytes(text, at - 6)));
  }

  /** Three bytes as a number, the first lowest. */
  private static int threeBytes(byte[] text, int at) {
    return (text[at] & 0xFF) | ((text[at + 1] & 0xFF) << 8) | ((text[at + 2] & 0xFF) << 16);
  }

  /**
   * Whether some token begins within x or ends within y and has their bytes there.
   *
   * @param lengthPairs a bit for each {@link #lengthPair} of such tokens
   */
  private boolean isJoinedInPart(int x, int y, int lengthPairs) {
    int ofX = PackedCharacter.length(x);
    int ofY = PackedCharacter.length(y);
    for (int rest = lengthPairs; rest != 0; rest &= rest - 1) {
      int lengthPair = Integer.numberOfTrailingZeros(rest);
      int bytesOfX = (lengthPair >> 2) + 1;
      int bytesOfY = (lengthPair & 3) + 1;
      if (bytesOfX > ofX || bytesOfY > ofY) {
        continue;
      }
      int lastOfX = x >>> (8 * (ofX - bytesOfX));
      int firstOfY = y & PackedCharacter.lowBytes(bytesOfY);
      if (isSurrounded(lastOfX, firstOfY, PARTIAL)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a character is a token; {@code known} has a bit for each code point. */
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
    return (((pair ^ (pair >>> 32)) + context) * HashMultiplier.DEGSKI) >>> bitShift;
  }

  /** A hash of a pair in the upper bits. */
  private static long mixed(int x, int y) {
    return (((long) x << 32) | (y & 0xFFFFFFFFL)) * HashMultiplier.GOLDEN_RATIO;
  }
}
