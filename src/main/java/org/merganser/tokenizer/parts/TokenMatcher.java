package org.merganser.tokenizer.parts;

import static org.merganser.binary.LittleEndian.LONG;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the leftmost match of some byte strings in a text, and of those the longest: the match
 * order of HF's added tokens. What lstrip, rstrip and single_word add is decided in {@code
 * tokenizer/PretokenPath} and {@code tokenizer/AddedTokenFlags}. Immutable.
 *
 * <p>Almost all text has no match, so skipping it must be cheap. Eight bytes at a time are compared
 * with the first bytes of all patterns (if these are at most three; usually there is only {@code
 * '<'}). Then the first two bytes are looked up in a bit set, and only then the trie is searched.
 * The trie is one open-addressing table of (node, byte) → node.
 */
public final class TokenMatcher {
  /**
   * The maximum number of bytes of all patterns together. Each byte may be a node of the trie,
   * which takes some 50 bytes; {@link #key} relies on node numbers below 2^23.
   */
  static final int MOST_BYTES = 1 << 22;

  /** The lowest bit of each byte of a long. */
  private static final long ONES = 0x0101010101010101L;

  /** The highest bit of each byte of a long. */
  private static final long HIGHS = 0x8080808080808080L;

  /** With more first bytes than these, comparing one byte at a time is faster. */
  private static final int MAX_FIRST_BYTES = 3;

  /** No match, pattern, node or key. */
  private static final int NONE = -1;

  /** The byte strings, by their places in the constructor's list. */
  private final byte[][] patterns;

  /** By byte, whether a pattern begins with it. */
  private final boolean[] isFirstByte = new boolean[256];

  /** The first bytes, each repeated eight times; empty if they are too many for the fast pass. */
  private final long[] firstBytes;

  /** For each of the 2^16 pairs of bytes, a bit: whether a pattern may begin with them. */
  private final long[] bigrams = new long[(1 << 16) / Long.SIZE];

  /** By slot of the trie's table, the {@link #key} of an edge; −1 if the slot is empty. */
  private int[] keys = filledWithNone(64);

  /** By slot, the node that the byte leads to. */
  private int[] children = new int[64];

  /** The number of used slots. */
  private int edges;

  /** By node, the pattern that ends there, or −1. */
  private int[] ends = filledWithNone(64);

  /** The number of nodes; node 0 is the root. */
  private int nodes = 1;

  /**
   * @param patterns each not empty, all different, with at most {@link #MOST_BYTES} together, as
   *     {@link AddedVocabulary} checks
   */
  public TokenMatcher(List<byte[]> patterns) {
    this.patterns = patterns.toArray(new byte[0][]);
    for (int i = 0; i < this.patterns.length; i++) {
      insert(this.patterns[i], i);
    }
    long[] found = new long[256];
    int count = 0;
    for (int b = 0; b < 256; b++) {
      if (isFirstByte[b]) {
        found[count++] = b * ONES;
      }
    }
    firstBytes = count <= MAX_FIRST_BYTES ? Arrays.copyOf(found, count) : new long[0];
  }

  /**
   * The first match in {@code text[from, to)}, of which {@link #start} and {@link #pattern} are
   * parts; −1 if there is none.
   */
  public long find(byte[] text, int from, int to) {
    int at = candidate(text, from, to);
    while (at < to) {
      int pattern = mayBegin(text, at, to) ? longest(text, at, to) : NONE;
      if (pattern != NONE) {
        return ((long) at << 32) | pattern;
      }
      at = candidate(text, at + 1, to);
    }
    return NONE;
  }

  /** Where a result of {@link #find} begins in the text. */
  public static int start(long match) {
    return (int) (match >>> 32);
  }

  /** The pattern of a result of {@link #find}, by its place in the constructor's list. */
  public static int pattern(long match) {
    return (int) match;
  }

  /** The number of bytes of a pattern. */
  public int length(int pattern) {
    return patterns[pattern].length;
  }

  private static int[] filledWithNone(int size) {
    int[] array = new int[size];
    Arrays.fill(array, NONE);
    return array;
  }

  /** Adds a pattern to the trie, to the first bytes and to the bigrams. */
  private void insert(byte[] pattern, int index) {
    int first = pattern[0] & 0xFF;
    isFirstByte[first] = true;
    if (pattern.length == 1) {
      // All 256 bigrams with this first byte: four longs.
      Arrays.fill(bigrams, 4 * first, 4 * first + 4, -1L);
    } else {
      int bigram = first << 8 | (pattern[1] & 0xFF);
      bigrams[bigram >> 6] |= 1L << bigram;
    }
    int node = 0;
    for (byte b : pattern) {
      int child = child(node, b);
      if (child == NONE) {
        child = nodes++;
        if (child == ends.length) {
          ends = Arrays.copyOf(ends, 2 * child);
          Arrays.fill(ends, child, 2 * child, NONE);
        }
        put(key(node, b), child);
      }
      node = child;
    }
    ends[node] = index;
  }

  /** The key of an edge of the trie: its node and byte. It is not negative for nodes below 2^23. */
  private static int key(int node, byte b) {
    return node << 8 | (b & 0xFF);
  }

  /** Adds an edge of the trie. */
  private void put(int key, int child) {
    edges++;
    if (2 * edges > keys.length) {
      doubleSlots();
    }
    int slot = slot(key);
    keys[slot] = key;
    children[slot] = child;
  }

  /** Doubles the table, and puts each edge into its new slot. */
  private void doubleSlots() {
    int[] oldKeys = keys;
    int[] oldChildren = children;
    keys = filledWithNone(2 * oldKeys.length);
    children = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != NONE) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        children[slot] = oldChildren[i];
      }
    }
  }

  /** The slot of a key, or the empty slot where it belongs. */
  private int slot(int key) {
    int mask = keys.length - 1;
    int slot = ((key * 0x9E3779B9) >>> 7) & mask; // Fibonacci hashing
    while (keys[slot] != NONE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** The node that a byte leads to, or −1. */
  private int child(int node, byte b) {
    int slot = slot(key(node, b));
    return keys[slot] == NONE ? NONE : children[slot];
  }

  /** The next place from {@code at} on with a pattern's first byte, or {@code to}. */
  private int candidate(byte[] text, int at, int to) {
    int i = at;
    if (firstBytes.length > 0) {
      for (; i <= to - 8; i += 8) {
        long word = (long) LONG.get(text, i);
        long hit = 0;
        for (long first : firstBytes) {
          long difference = word ^ first;
          hit |= (difference - ONES) & ~difference & HIGHS; // marks the bytes that are zero
        }
        if (hit != 0) {
          // The lowest marked byte is a true hit: a borrow only marks bytes above a zero byte.
          return i + (Long.numberOfTrailingZeros(hit) >> 3);
        }
      }
    }
    while (i < to && !isFirstByte[text[i] & 0xFF]) {
      i++;
    }
    return i;
  }

  /**
   * Whether a pattern begins with the two bytes at {@code at}, or the text ends after the first.
   */
  private boolean mayBegin(byte[] text, int at, int to) {
    if (at + 1 == to) {
      return true;
    }
    int bigram = (text[at] & 0xFF) << 8 | (text[at + 1] & 0xFF);
    return ((bigrams[bigram >> 6] >>> bigram) & 1) != 0;
  }

  /** The longest pattern that is at {@code at}, or −1. */
  private int longest(byte[] text, int at, int to) {
    int node = 0;
    int best = NONE;
    for (int i = at; i < to; i++) {
      node = child(node, text[i]);
      if (node == NONE) {
        break;
      }
      if (ends[node] != NONE) {
        best = ends[node];
      }
    }
    return best;
  }
}
