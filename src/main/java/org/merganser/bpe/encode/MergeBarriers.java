package org.merganser.bpe.encode;

import static org.merganser.bpe.encode.PackedCharacter.MALFORMED;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.HashMultiplier;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.CodePoints;

/**
 * Finds barriers: places inside a pretoken that no merge can cross, so that the parts on both sides
 * can be encoded separately and cached. This makes scripts without spaces fast: a Chinese pretoken
 * has a hundred bytes and hardly ever occurs twice, but it has a barrier every three to five bytes.
 *
 * <p>A merge crosses the place between two characters only if its token has the last byte of the
 * left one followed by the first byte of the right one, and the token's bytes equal the text around
 * the place. So the place between two well-formed characters is a barrier unless a token that some
 * merge produces may be there. Two kinds of tokens may:
 *
 * <ul>
 *   <li>The token has both characters completely. Such pairs are marked by their hash. A vocabulary
 *       of 200,000 tokens joins nearly every two Thai letters in some token, but seldom in the
 *       given text. So if both characters have three bytes, as in Thai or Chinese, the pair is
 *       marked a second time: with the token's three bytes after it if the token has so many there,
 *       else with its three bytes before it, else alone. The text must match such a mark, too.
 *       Example: the token 中国人 marks the pair 中国 with 人 after it, and the pair 国人 with 中 before it.
 *   <li>The token begins within the left character or ends within the right one, as byte-level
 *       tokens may. Then its bytes of both characters are marked. A table by the last byte of the
 *       left character and the first byte of the right one has how many bytes of each these are: a
 *       {@link #lengthPair}. Example: a token of the last two bytes of 中 and the first one of 国 has
 *       the lengths 2 and 1.
 * </ul>
 *
 * <p>If first symbols are characters, there is no barrier beside a character without a token
 * either. A collision of hashes only hides a barrier. No token crosses an earlier barrier, so the
 * text before that barrier does not count as text around the place.
 *
 * <p>If no merge crosses, the lowest-ranked leftmost pair of the pretoken is always that of one
 * side, and a merge on one side does not change the other: merging both separately produces the
 * same symbols. Immutable.
 *
 * <p>In this class {@code from} is the start of a token, or the last barrier in a text; {@code to}
 * is the end of either; and {@code place} is between, where the character {@code left} ends and
 * {@code right} begins. Both are a {@link PackedCharacter}.
 */
final class MergeBarriers {
  /** Kind of surroundings: a pair alone. */
  private static final int ALONE = 0;

  /** Kind of surroundings: a pair and the three bytes after it. */
  private static final int AFTER = 1 << 24;

  /** Kind of surroundings: a pair and the three bytes before it. */
  private static final int BEFORE = 2 << 24;

  /** Kind of surroundings: some bytes of the left character and some of the right one. */
  private static final int PARTIAL = 3 << 24;

  /** The maximum bytes of a character. */
  private static final int MOST_BYTES = 4;

  /** All numbers that four bytes of UTF-8 can have, also those above the last code point. */
  private static final int CODE_POINTS = 1 << 21;

  /** By number of bytes, the smallest code point that needs as many. */
  private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

  /** The {@link #hash(int, int)} of each pair that a token has completely. */
  private final HashedBits pairs;

  /**
   * By the {@link #edge} of a place: a bit for each {@link #lengthPair} of the tokens that begin
   * within the left character or end within the right one.
   */
  private final char[] partial = new char[256 * 256];

  /** The {@link #hash(int, int, int)} of a token's bytes on both sides of each place. */
  private final HashedBits surroundings;

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
    this.pairs = new HashedBits(log);
    this.surroundings = new HashedBits(log);
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
      if (!CodePoints.isContinuation(token[place])) {
        markPlace(token, from, place, to);
      }
    }
  }

  /**
   * Marks a place in a token at which a character begins, or a byte that is part of none: as a pair
   * if the characters on both sides are complete, else by the bytes of both that the token has.
   */
  private void markPlace(byte[] token, int from, int place, int to) {
    int lead = place - 1;
    while (lead > from && CodePoints.isContinuation(token[lead])) {
      lead--;
    }
    int left = PackedCharacter.at(token, lead, place);
    int right = PackedCharacter.at(token, place, to);
    if (left != MALFORMED && right != MALFORMED) {
      markPair(token, from, place, to, left, right);
      return;
    }
    boolean beginsWithin = CodePoints.isContinuation(token[lead]);
    boolean endsWithin =
        right == MALFORMED && to - place < PackedCharacter.lengthByLead(token[place]);
    boolean leftIsBroken = left == MALFORMED && !beginsWithin;
    boolean rightIsBroken = right == MALFORMED && !endsWithin;
    if (leftIsBroken || rightIsBroken) {
      return; // no text has a barrier beside such a character
    }
    int ofLeft = place - lead;
    int ofRight = endsWithin ? to - place : PackedCharacter.length(right);
    markPartial(token, place, ofLeft, ofRight);
  }

  /** Marks two characters that the token {@code token[from, to)} has completely. */
  private void markPair(byte[] token, int from, int place, int to, int left, int right) {
    pairs.add(hash(left, right));
    if (!haveThreeBytes(left, right)) {
      return;
    }
    // Within six bytes are the three of a character and three more.
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
    if (ofLeft > MOST_BYTES) {
      return; // continuation bytes alone, and more than any character has
    }
    partial[edge(token[place - 1], token[place])] |= (char) (1 << lengthPair(ofLeft, ofRight));
    int left = PackedCharacter.bytes(token, place - ofLeft, ofLeft);
    int right = PackedCharacter.bytes(token, place, ofRight);
    markSurroundings(left, right, PARTIAL);
  }

  /** The bytes on both sides of a place, which are the lowest ones, as an index. */
  private static int edge(int before, int after) {
    return ((before & 0xFF) << 8) | (after & 0xFF);
  }

  /** The number of a bit for 1 to 4 bytes of one character and 1 to 4 of the next. */
  private static int lengthPair(int ofLeft, int ofRight) {
    return MOST_BYTES * (ofLeft - 1) + ofRight - 1;
  }

  /**
   * Marks a pair, or parts of its characters.
   *
   * @param context a kind of surroundings, with the bytes of {@link #AFTER} or {@link #BEFORE}
   */
  private void markSurroundings(int left, int right, int context) {
    surroundings.add(hash(left, right, context));
  }

  /** Whether {@link #markSurroundings} marked the same; true by a collision too. */
  private boolean isSurrounded(int left, int right, int context) {
    return surroundings.contains(hash(left, right, context));
  }

  /** The end of the part that begins at {@code from}: the next barrier, or {@code to}. */
  int next(byte[] text, int from, int to) {
    int left = PackedCharacter.at(text, from, to);
    int place = from + PackedCharacter.length(left);
    while (place < to) {
      int right = PackedCharacter.at(text, place, to);
      if (isBarrier(text, from, place, to, left, right)) {
        return place;
      }
      left = right;
      place += PackedCharacter.length(left);
    }
    return to;
  }

  /** Whether no merge joins the characters on both sides of a place. */
  boolean isBarrier(byte[] text, int from, int place, int to, int left, int right) {
    if (left == MALFORMED || right == MALFORMED) {
      return false;
    }
    if (pairs.contains(hash(left, right)) && isJoined(text, from, place, to, left, right)) {
      return false;
    }
    int lengthPairs = partial[edge(text[place - 1], right)];
    if (lengthPairs != 0 && isJoinedInPart(left, right, lengthPairs)) {
      return false;
    }
    return known == null || (isKnown(known, left) && isKnown(known, right));
  }

  /** Whether the token of a marked pair can be in this text: its further bytes match. */
  private boolean isJoined(byte[] text, int from, int place, int to, int left, int right) {
    return !haveThreeBytes(left, right)
        || isSurrounded(left, right, ALONE)
        || (place + 6 <= to && isSurrounded(left, right, AFTER | threeBytes(text, place + 3)))
        || (place - 6 >= from && isSurrounded(left, right, BEFORE | threeBytes(text, place - 6)));
  }

  /** Whether each of two characters has three bytes, so that bytes around them are marked, too. */
  private static boolean haveThreeBytes(int left, int right) {
    return PackedCharacter.hasThreeBytes(left) && PackedCharacter.hasThreeBytes(right);
  }

  /** Three bytes as a number, the first lowest. */
  private static int threeBytes(byte[] text, int at) {
    return (text[at] & 0xFF) | ((text[at + 1] & 0xFF) << 8) | ((text[at + 2] & 0xFF) << 16);
  }

  /**
   * Whether some token begins within the left character or ends within the right one, and has their
   * bytes there.
   *
   * @param lengthPairs a bit for each {@link #lengthPair} of such tokens
   */
  private boolean isJoinedInPart(int left, int right, int lengthPairs) {
    int leftLength = PackedCharacter.length(left);
    int rightLength = PackedCharacter.length(right);
    for (int rest = lengthPairs; rest != 0; rest &= rest - 1) {
      int lengthPair = Integer.numberOfTrailingZeros(rest);
      int ofLeft = lengthPair / MOST_BYTES + 1;
      int ofRight = lengthPair % MOST_BYTES + 1;
      if (ofLeft > leftLength || ofRight > rightLength) {
        continue;
      }
      int lastOfLeft = left >>> (8 * (leftLength - ofLeft));
      int firstOfRight = right & PackedCharacter.lowBytes(ofRight);
      if (isSurrounded(lastOfLeft, firstOfRight, PARTIAL)) {
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

  /** The hash of a pair. */
  private static long hash(int left, int right) {
    return (((long) left << 32) | (right & 0xFFFFFFFFL)) * HashMultiplier.GOLDEN_RATIO;
  }

  /** The hash of a pair with its surroundings. */
  private static long hash(int left, int right, int context) {
    long pair = hash(left, right);
    return ((pair ^ (pair >>> 32)) + context) * HashMultiplier.DEGSKI;
  }
}
