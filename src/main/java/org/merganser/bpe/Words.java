package org.merganser.bpe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The distinct pretokens with their counts, as symbols, back to back in one array of 16-bit cells.
 *
 * <p>A word is {@code count symbols END}. The count takes 14 bits a cell, lowest first, {@code
 * 0x8000} set where more follow: 5 is {@code 0005}, 0x4001 is {@code 8001 0001}. A symbol below
 * 0x8000 takes one cell, a larger one two: {@code 0x8000 | id >>> 16}, then the low 16 bits. A
 * merge never needs more cells than its two parts had, so words shrink in place and END moves
 * forward; the rest up to the next word is filled with END. A word is named by the place of its
 * first cell. All in, a word costs 2 bytes for each byte and 4 more.
 */
final class Words {
  private static final char END = 0xFFFF;
  private static final int MORE = 0x8000;
  private static final int CHUNK = 1 << 19;
  private static final int MAX_CELLS = Integer.MAX_VALUE - 16;

  /** Cells of the longest count and END. */
  private static final int FRAME = 6;

  private char[] cells = new char[0];
  private int length;

  /** What {@link #read} found. */
  private int[] symbols = new int[64];

  private long count;
  private int body;
  private int end;

  /** Written only so that the reads of {@link #touch} are not optimised away. */
  @SuppressWarnings("UnusedVariable")
  private int touched;

  /** How often each byte occurs in the corpus; only known to words made by {@link #load}. */
  private final long[] bytesSeen = new long[256];

  /**
   * Reads all counts, bytes as symbols. Words of a single byte are counted in {@link #bytesSeen}
   * and left out: nothing can be merged in them.
   *
   * @param minimumCount rarer words are left out too
   * @throws ArithmeticException when the corpus has more bytes than a long counts
   * @throws IllegalStateException when the words don't fit one array
   */
  static Words load(BpeTrainer.CountSource source, long minimumCount) {
    Words words = new Words();
    Loader loader = new Loader(words.bytesSeen, minimumCount);
    source.forEach(loader::add);
    loader.moveTo(words);
    return words;
  }

  /** Appends in chunks, so that growing never holds two large arrays. */
  private static final class Loader {
    private final List<char[]> full = new ArrayList<>();
    private final long[] bytesSeen;
    private final long minimumCount;
    private char[] chunk = new char[CHUNK];
    private int used;
    private long length;
    private long mass;

    Loader(long[] bytesSeen, long minimumCount) {
      this.minimumCount = minimumCount;
      this.bytesSeen = bytesSeen;
    }

    void add(byte[] bytes, int from, int to, long count) {
      if (count < 1) {
        throw new IllegalArgumentException(
            "count " + count + " of a pretoken; it must be 1 or more");
      }
      // Bounds every sum that is made later: of bytes and of pairs.
      mass = Math.addExact(mass, Math.multiplyExact(count, (long) (to - from)));
      for (int i = from; i < to; i++) {
        bytesSeen[bytes[i] & 0xFF] += count;
      }
      if (to - from < 2 || count < minimumCount) {
        return;
      }
      if (used + (to - from) + FRAME > chunk.length) {
        full.add(Arrays.copyOf(chunk, used));
        length += used;
        used = 0;
        if (chunk.length < to - from + FRAME || chunk.length > CHUNK) {
          chunk = new char[Math.max(CHUNK, to - from + FRAME)];
        }
      }
      int at = writeCount(chunk, used, count);
      for (int i = from; i < to; i++) {
        chunk[at++] = (char) (bytes[i] & 0xFF);
      }
      chunk[at++] = END;
      used = at;
    }

    void moveTo(Words words) {
      length += used;
      full.add(chunk);
      if (length > MAX_CELLS) {
        throw new IllegalStateException(
            "the distinct pretokens take "
                + length
                + " cells, at most "
                + MAX_CELLS
                + " fit; raise the minimum count of a pretoken");
      }
      words.cells = new char[(int) length];
      for (int i = 0; i < full.size(); i++) {
        boolean last = i == full.size() - 1;
        char[] from = full.set(i, new char[0]);
        int n = last ? used : from.length;
        System.arraycopy(from, 0, words.cells, words.length, n);
        words.length += n;
      }
    }
  }

  private static int writeCount(char[] cells, int at, long count) {
    int place = at;
    long rest = count;
    while (rest > 0x3FFF) {
      cells[place++] = (char) (MORE | rest & 0x3FFF);
      rest >>>= 14;
    }
    cells[place++] = (char) rest;
    return place;
  }

  long[] bytesSeen() {
    return bytesSeen;
  }

  /**
   * Replaces bytes by the ids of their characters; a byte with id -1 vanishes, as in HF.
   *
   * @param byteIds ids below 0x8000
   */
  void toSymbols(int[] byteIds) {
    for (int word = first(); word >= 0; word = next()) {
      int n = read(word);
      int kept = 0;
      for (int i = 0; i < n; i++) {
        int id = byteIds[symbols[i]];
        if (id >= 0) {
          symbols[kept++] = id;
        }
      }
      write(symbols, kept);
    }
  }

  /** The first word, or -1. */
  int first() {
    return length == 0 ? -1 : 0;
  }

  /** The word after the one read last; -1 at the end. */
  int next() {
    int at = end;
    while (at < length && cells[at] == END) {
      at++;
    }
    return at < length ? at : -1;
  }

  /** Reads a word's count and symbols; returns how many symbols there are. */
  int read(int word) {
    int at = word;
    int cell = cells[at++];
    long c = cell & 0x3FFF;
    for (int shift = 14; cell >= MORE; shift += 14) {
      cell = cells[at++];
      c |= (cell & 0x3FFFL) << shift;
    }
    count = c;
    body = at;
    int n = 0;
    int[] out = symbols;
    for (cell = cells[at++]; cell != END; cell = cells[at++]) {
      if (n == out.length) {
        out = symbols = Arrays.copyOf(out, 2 * out.length);
      }
      out[n++] = cell < MORE ? cell : (cell & 0x7FFF) << 16 | cells[at++];
    }
    end = at - 1;
    return n;
  }

  /** Reads one cell of each word, so that they are in the cache soon after. */
  void touch(int[] batch, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
      sum += cells[batch[i]];
    }
    touched = sum;
  }

  /** The symbols read last; the caller may rewrite them. */
  int[] symbols() {
    return symbols;
  }

  /** The count read last. */
  long count() {
    return count;
  }

  /**
   * Writes the first {@code n} symbols to the word read last; they must not need more cells than it
   * had when it was bytes.
   */
  void write(int[] symbols, int n) {
    int at = body;
    for (int i = 0; i < n; i++) {
      int id = symbols[i];
      if (id < MORE) {
        cells[at++] = (char) id;
      } else {
        cells[at++] = (char) (MORE | id >>> 16);
        cells[at++] = (char) id;
      }
    }
    if (at < end) {
      Arrays.fill(cells, at, end, END);
    }
  }

  long memoryBytes() {
    return 2L * cells.length + 4L * symbols.length;
  }
}
