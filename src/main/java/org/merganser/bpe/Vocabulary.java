package org.merganser.bpe;

import static org.merganser.binary.LittleEndian.LONG;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.binary.HashMultiplier;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.CodePoints;

/**
 * Token strings and their ids, in both directions. The strings are stored as UTF-8 in the order of
 * their ids; an open-addressing index of entry numbers finds them. A vocabulary of 200,000 tokens
 * takes about 5 MB, without an object per token. Errors name {@code model.vocab}, the object of
 * tokenizer.json that has these strings and ids.
 */
public final class Vocabulary {
  /** The maximum length of an array. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  /** The strings of all entries, one after the other. */
  private final byte[] bytes;

  /** Where each entry begins in {@link #bytes}; then the end of the last one. */
  private final int[] starts;

  /** The id of each entry, ascending. */
  private final int[] ids;

  /** By hash of a string: its entry plus one; 0 for none. */
  private final int[] index;

  /** Whether the ids are 0, 1, 2 …, so that an entry is its id. */
  private final boolean gapless;

  /** The number of bytes of the longest string. */
  private final int longestBytes;

  private Vocabulary(byte[] bytes, int[] starts, int[] ids) {
    this.bytes = bytes;
    this.starts = starts;
    this.ids = ids;
    int n = ids.length;
    this.gapless = n == 0 || ids[n - 1] == n - 1;
    this.index = new int[4 * Integer.highestOneBit(Math.max(8, n))]; // a quarter to a half is used
    int most = 0;
    for (int entry = 0; entry < n; entry++) {
      most = Math.max(most, starts[entry + 1] - starts[entry]);
      addToIndex(entry);
    }
    this.longestBytes = most;
  }

  /**
   * The UTF-8 form of a token.
   *
   * @throws IllegalArgumentException for a lone surrogate, which has none
   */
  public static byte[] utf8(String token) {
    int i = 0;
    while (i < token.length()) {
      int c = token.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "token \"%s\" has the lone surrogate U+%04X, which is not a character",
                token,
                c));
      }
      i += Character.charCount(c);
    }
    return token.getBytes(StandardCharsets.UTF_8);
  }

  /** The number of entries. */
  public int size() {
    return ids.length;
  }

  /** One more than the largest id; 0 without tokens. */
  public int idBound() {
    return ids.length == 0 ? 0 : ids[ids.length - 1] + 1;
  }

  /** The number of bytes of the longest string. */
  public int longestBytes() {
    return longestBytes;
  }

  /** The entry of an id of 0 or more; negative if the id has none. */
  public int entry(int id) {
    if (gapless) {
      return id < ids.length ? id : -1;
    }
    return Arrays.binarySearch(ids, id);
  }

  /** The id of the token with the UTF-8 form {@code text[from, to)}, or -1. */
  public int id(byte[] text, int from, int to) {
    int mask = index.length - 1;
    for (int slot = slot(text, from, to); index[slot] != 0; slot = (slot + 1) & mask) {
      if (equal(index[slot] - 1, text, from, to)) {
        return ids[index[slot] - 1];
      }
    }
    return -1;
  }

  /** The token string of an entry. */
  public String string(int entry) {
    return string(bytes, starts, entry);
  }

  /** As {@link #string(int)}, before a vocabulary has the arrays. */
  private static String string(byte[] bytes, int[] starts, int entry) {
    int length = starts[entry + 1] - starts[entry];
    return new String(bytes, starts[entry], length, StandardCharsets.UTF_8);
  }

  /**
   * The bytes that an entry of a byte-level vocabulary represents; null if one of its characters is
   * not in {@link ByteAlphabet}, so that no text is encoded to it.
   */
  public byte @Nullable [] textBytes(int entry) {
    return ByteAlphabet.toBytes(bytes, starts[entry], starts[entry + 1]);
  }

  /** The number of characters of an entry, which are bytes of text in a byte-level vocabulary. */
  public int characterCount(int entry) {
    return CodePoints.count(bytes, starts[entry], starts[entry + 1]);
  }

  /** The array of all entries; entry e is from {@link #start} of e to that of e + 1. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * Where an entry begins in {@link #bytes}; for the number of entries, where the last one ends.
   */
  public int start(int entry) {
    return starts[entry];
  }

  /**
   * Adds an entry to the index.
   *
   * @throws IllegalArgumentException if an earlier entry has the same string
   */
  private void addToIndex(int entry) {
    int mask = index.length - 1;
    int slot = slot(bytes, starts[entry], starts[entry + 1]);
    for (; index[slot] != 0; slot = (slot + 1) & mask) {
      int other = index[slot] - 1;
      if (equal(other, bytes, starts[entry], starts[entry + 1])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "token \"%s\" is in model.vocab twice, with ids %d and %d; a token has one id",
                string(entry),
                ids[other],
                ids[entry]));
      }
    }
    index[slot] = entry + 1;
  }

  /** Whether {@code text[from, to)} is the string of an entry. */
  private boolean equal(int entry, byte[] text, int from, int to) {
    return Arrays.equals(bytes, starts[entry], starts[entry + 1], text, from, to);
  }

  /** The first slot of the index in which a string may be: a hash of its length and bytes. */
  private int slot(byte[] text, int from, int to) {
    long hash = (long) to - from;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      hash = (hash ^ (long) LONG.get(text, i)) * HashMultiplier.GOLDEN_RATIO;
      hash ^= hash >>> 32;
    }
    long tail = 0;
    for (; i < to; i++) {
      tail = (tail << 8) | (text[i] & 0xFF);
    }
    hash = (hash ^ tail) * HashMultiplier.GOLDEN_RATIO;
    hash = (hash ^ (hash >>> 29)) * HashMultiplier.GOLDEN_RATIO;
    return (int) (hash >>> 33) & (index.length - 1);
  }

  /** Collects tokens in any order. */
  public static final class Builder {
    private final ByteBuilder bytes = new ByteBuilder(1 << 12);

    /** Where each added token ends in {@link #bytes}. */
    private final IdBuffer ends = new IdBuffer(1 << 8);

    /** The id of each added token. */
    private final IdBuffer ids = new IdBuffer(1 << 8);

    /**
     * Adds a token; whether it is unique is checked by {@link #build}.
     *
     * @throws IllegalArgumentException for an id that is out of bounds, a lone surrogate, or too
     *     much text
     */
    public void add(String token, int id) {
      if (id < 0 || id == Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "token \"%s\" has id %d in model.vocab; ids are 0 to %d",
                token,
                id,
                Integer.MAX_VALUE - 1));
      }
      byte[] utf8 = utf8(token);
      if ((long) bytes.length() + utf8.length > MAX_ARRAY) {
        throw new IllegalArgumentException(
            "the tokens of model.vocab are longer than 2 GiB together; was the file damaged?");
      }
      bytes.append(utf8);
      ends.add(bytes.length());
      ids.add(id);
    }

    /**
     * The vocabulary of the added tokens, in the order of their ids.
     *
     * @throws IllegalArgumentException naming a token with two ids, or an id with two tokens
     */
    public Vocabulary build() {
      int size = ids.size();
      byte[] sortedBytes = new byte[bytes.length()];
      int[] sortedStarts = new int[size + 1];
      int[] sortedIds = new int[size];
      int[] order = orderById();
      for (int e = 0; e < size; e++) {
        int added = order[e];
        int from = added == 0 ? 0 : ends.ids()[added - 1];
        int length = ends.ids()[added] - from;
        System.arraycopy(bytes.bytes(), from, sortedBytes, sortedStarts[e], length);
        sortedStarts[e + 1] = sortedStarts[e] + length;
        sortedIds[e] = ids.ids()[added];
        if (e > 0 && sortedIds[e] == sortedIds[e - 1]) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "tokens \"%s\" and \"%s\" both have id %d in model.vocab; an id names one token",
                  Vocabulary.string(sortedBytes, sortedStarts, e - 1),
                  Vocabulary.string(sortedBytes, sortedStarts, e),
                  sortedIds[e]));
        }
      }
      return new Vocabulary(sortedBytes, sortedStarts, sortedIds);
    }

    /** The numbers of the added tokens, by ascending id; equal ids in the order of addition. */
    private int[] orderById() {
      long[] idsAndNumbers = new long[ids.size()];
      for (int added = 0; added < idsAndNumbers.length; added++) {
        idsAndNumbers[added] = ((long) ids.ids()[added] << 32) | added;
      }
      Arrays.sort(idsAndNumbers);
      return Arrays.stream(idsAndNumbers).mapToInt(each -> (int) each).toArray();
    }
  }
}
