package org.merganser.bpe.count;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges sorted blocks: a tree of losers over their readers (Knuth, volume 3, 5.4.1) with
 * offset-value codes (Conner 1977; Do and Graefe 2023), so that most matches compare two longs.
 *
 * <p>A reader's code says how its key differs from the last winner's, to which all keys on the
 * winner's path have lost: {@code (2^31 - shared) << 9 | next}, where {@code shared} is how many
 * bytes they have in common and {@code next} the byte behind those plus 1, or 0 at the key's end.
 * After {@code "the"}, {@code "then"} is (3, 'n' + 1), {@code "to"} is (1, 'o' + 1) and another
 * {@code "the"} is (3, 0). The smaller code is the smaller key: who shares more with a smaller key
 * comes sooner. Only equal codes need a look at the bytes beyond. For the next key of the winner's
 * own block the code is at hand: its front coding says what it shares with the one before.
 */
final class LoserTree {
  private static final long END = Long.MAX_VALUE;
  private static final long SHARES_NOTHING = 1L << 31;

  private final PackedReader[] readers;
  private final long[] codes;

  /** The winner at 0, then the loser of each match; match i has 2i and 2i + 1 below it. */
  private final int[] tree;

  /** The key that {@link #takeKey} took. */
  private byte[] key = new byte[64];

  private int keyLength;

  /**
   * @param blocks none of which has been read from; they are checked on the way
   */
  LoserTree(List<PackedReader> blocks) {
    readers = blocks.toArray(PackedReader[]::new);
    codes = new long[readers.length];
    tree = new int[Math.max(1, readers.length)];
    for (int i = 0; i < readers.length; i++) {
      advance(i);
    }
    tree[0] = readers.length == 0 ? -1 : winner(1);
  }

  private int winner(int match) {
    if (match >= readers.length) {
      return match - readers.length;
    }
    int left = winner(2 * match);
    int right = winner(2 * match + 1);
    boolean leftWins = wins(left, right);
    tree[match] = leftWins ? right : left;
    return leftWins ? left : right;
  }

  /** The reader with the smallest key, or null when all are at their end. */
  @Nullable PackedReader first() {
    return tree[0] < 0 || codes[tree[0]] == END ? null : readers[tree[0]];
  }

  /** The number, among the blocks, of the reader with the smallest key. */
  int firstNumber() {
    return tree[0];
  }

  /**
   * Keeps a copy of the smallest key, which the next one overwrites.
   *
   * @return how many bytes it has in common with the one before
   */
  int takeKey() {
    PackedReader first = readers[tree[0]];
    int shared = shared(codes[tree[0]]);
    keyLength = first.keyLength();
    if (keyLength > key.length) {
      key = Arrays.copyOf(key, Math.max(keyLength, 2 * key.length));
    }
    System.arraycopy(first.key(), shared, key, shared, keyLength - shared);
    return shared;
  }

  /** The key that was taken is {@code key()[0, keyLength())}. */
  byte[] key() {
    return key;
  }

  int keyLength() {
    return keyLength;
  }

  /** Whether the smallest key is the one before once more. */
  boolean isRepeated() {
    return isRepeated(codes[tree[0]]);
  }

  /** Goes on to the next key. */
  void next() {
    int reader = tree[0];
    advance(reader);
    for (int match = (reader + readers.length) >>> 1; match > 0; match >>>= 1) {
      int other = tree[match];
      if (!wins(reader, other)) {
        tree[match] = reader;
        reader = other;
      }
    }
    tree[0] = reader;
  }

  private void advance(int i) {
    PackedReader reader = readers[i];
    codes[i] = reader.next() ? code(reader, reader.shared()) : END;
  }

  private static long code(PackedReader reader, int shared) {
    return SHARES_NOTHING - shared << 9 | next(reader, shared);
  }

  private static int next(PackedReader reader, int at) {
    return at == reader.keyLength() ? 0 : (reader.key()[at] & 0xFF) + 1;
  }

  private static int shared(long code) {
    return (int) (SHARES_NOTHING - (code >>> 9));
  }

  /** Whether the key is equal to the one that it was compared with. */
  private static boolean isRepeated(long code) {
    return (code & 0x1FF) == 0;
  }

  /** Whether the key of {@code a} comes before that of {@code b}; recodes the loser's. */
  private boolean wins(int a, int b) {
    long code = codes[a];
    if (code != codes[b]) {
      return code < codes[b]; // as it differs from the last winner, the loser does from this one
    }
    if (code == END || isRepeated(code)) {
      return true;
    }
    PackedReader x = readers[a];
    PackedReader y = readers[b];
    int same = shared(code) + 1;
    int more = Arrays.mismatch(x.key(), same, x.keyLength(), y.key(), same, y.keyLength());
    if (more < 0) {
      codes[b] = code(y, y.keyLength());
      return true;
    }
    boolean first = next(x, same + more) < next(y, same + more);
    int loser = first ? b : a;
    codes[loser] = code(readers[loser], same + more);
    return first;
  }
}
