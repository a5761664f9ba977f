package org.merganser.bpe.train;

import java.util.Arrays;
import org.merganser.bpe.count.WordChunks;

/**
 * The distinct pretokens as symbols, back to back in one array: a cell for each byte, and END
 * before the first word and after each. In words of ids ({@link PretokenSymbolLoader}), an id takes
 * the place of a byte.
 *
 * <p>A symbol of n bytes takes n cells. The first and the last one hold its id, so that the symbols
 * on both sides of a place are read directly; the cells between are unused. Merging a symbol as a
 * right part overwrites its first cell. So a cell that was once the start of symbol a and still
 * holds a is still the start of a. A place is the number of a symbol's first cell. {@code lowest}
 * as bytes, as l, owe, st and as one symbol:
 *
 * <pre>
 *   END  l  o  w  e  s  t  END
 *   END  l owe . owe st st END
 *   END  *  .  .  .  .  *  END
 * </pre>
 *
 * <p>Words are sorted by count, the most frequent first, and the words of one count are a run, so
 * that the place of a word determines its count. Cells have 16 bits until an id needs more, then
 * 24. A word costs 2 (or 3) bytes for each byte and for its END.
 */
public final class PretokenSymbols {
  /** Ids are below this. */
  static final int MAX_IDS = 0xFFFFFE;

  /**
   * A cell inside a symbol that is not the start of one any longer; in cells of 16 bits, its low
   * bits. It is no id, since these are below {@link #MAX_IDS}, and with 16 bits below {@link
   * WordChunks#NARROW_IDS}.
   */
  private static final int INSIDE = 0xFFFFFE;

  /** {@link #end} in cells of 24 bits. */
  private static final int WIDE_END = 0xFFFFFF;

  /** The low 16 bits of each cell. */
  private char[] low;

  /** The bits above these; empty while cells have 16 bits. */
  private byte[] high;

  /** Whether cells have 24 bits. */
  private boolean wide;

  /** The number of cells. */
  private int length;

  /** Where each run begins, then the end of the last one. */
  private int[] runStarts;

  /** By run, the count of each of its words. */
  private final long[] runCounts;

  /** The occurrences of each byte in the corpus, left-out words included. */
  private final long[] bytesSeen;

  /** The sum of {@link #touch}, kept so that the compiler does not remove its reads. */
  @SuppressWarnings("UnusedVariable")
  private int touched;

  /**
   * @param cells are owned by this object from now on
   * @param runCounts by run, the count of each of its words
   * @param bytesSeen the occurrences of each byte in the corpus, left-out words included
   */
  public PretokenSymbols(WordChunks.Cells cells, long[] runCounts, long[] bytesSeen) {
    this.low = cells.low();
    this.high = cells.high();
    this.wide = high.length > 0;
    this.length = low.length;
    this.runStarts = cells.starts();
    this.runCounts = runCounts;
    this.bytesSeen = bytesSeen;
  }

  /** The occurrences of each byte in the corpus, left-out words included. */
  long[] bytesSeen() {
    return bytesSeen;
  }

  /**
   * Replaces bytes with the ids of their characters, and removes bytes with id -1, as in HF. Until
   * then each cell has a byte.
   */
  void toSymbols(int[] byteIds) {
    for (int id : byteIds) {
      ensureId(id);
    }
    int to = 1;
    int run = 0;
    for (int from = 1; from < length; from++) {
      if (from == runStarts[run]) {
        runStarts[run++] = to;
      }
      int cell = low[from]; // a byte or the end of a word, which the low bits show
      int id = cell == WordChunks.END ? end() : byteIds[cell];
      if (id >= 0) {
        set(to++, id);
      }
    }
    length = to;
    Arrays.fill(runStarts, run, runStarts.length, to);
  }

  /** The symbol between words. */
  public int end() {
    return wide ? WIDE_END : WordChunks.END;
  }

  /** The number of cells. */
  int length() {
    return length;
  }

  /** The cell at a place: a symbol if it is the first or last of one, or {@link #end}. */
  int cell(int place) {
    int cell = low[place];
    return wide ? ((high[place] & 0xFF) << 16) | cell : cell;
  }

  /** Writes a symbol, or the mark {@link #INSIDE}, into one cell. */
  private void set(int place, int id) {
    low[place] = (char) id;
    if (wide) {
      high[place] = (byte) (id >>> 16);
    }
  }

  /** Writes a symbol into the cells from a place on. */
  void setSymbol(int place, int id, int cells) {
    for (int i = 1; i < cells - 1; i++) {
      set(place + i, INSIDE);
    }
    set(place, id);
    set(place + cells - 1, id);
  }

  /** Widens the cells if an id does not fit them. */
  public void ensureId(int id) {
    if (!wide && id >= WordChunks.NARROW_IDS) {
      widen();
    }
  }

  /** Changes cells of 16 bits to 24; the two highest values are marks and stay the highest. */
  private void widen() {
    high = new byte[low.length];
    for (int place = 0; place < low.length; place++) {
      high[place] = (byte) (low[place] >= WordChunks.NARROW_IDS ? 0xFF : 0);
    }
    wide = true;
  }

  /** The number of runs. */
  int runs() {
    return runCounts.length;
  }

  /** The place where a run begins; for the number of runs, where the last one ends. */
  public int runStart(int run) {
    return runStarts[run];
  }

  /** The count of each word of a run. */
  long runCount(int run) {
    return runCounts[run];
  }

  /**
   * The run of a place, which is in run {@code from} or a later one. It is found in doubling steps,
   * then by halving the last one, since it is usually near.
   */
  public int runOf(int place, int from) {
    int run = from;
    int step = 1;
    while (run + step < runStarts.length && runStarts[run + step] <= place) {
      run += step;
      step <<= 1;
    }
    int above = Math.min(run + step, runStarts.length - 1);
    while (above - run > 1) {
      int middle = (run + above) >>> 1;
      if (runStarts[middle] <= place) {
        run = middle;
      } else {
        above = middle;
      }
    }
    return run;
  }

  /**
   * Merges a pair at those of the places where it still occurs, from left to right like HF's {@code
   * Word::merge}; a merged token is at once the left neighbor of the next place.
   *
   * @param places the first {@code n} are places, ascending, at which the left part once began
   * @param cellsOfLeft cells of the left part
   * @param cellsOfToken cells of the merged token
   * @param made the merge; receives each merged place with the symbols on both sides
   */
  void merge(int[] places, int n, int cellsOfLeft, int cellsOfToken, MergedPlaces made) {
    touch(places, n);
    int a = made.left();
    int b = made.right();
    int token = made.token();
    made.ensureMore(n);
    int[] at = made.places();
    int[] before = made.before();
    int[] after = made.after();
    int size = made.size();
    for (int i = 0; i < n; i++) {
      int place = places[i];
      int middle = place + cellsOfLeft;
      if (cell(place) != a || cell(middle) != b) {
        continue;
      }
      int last = place + cellsOfToken - 1;
      set(middle, INSIDE);
      set(place, token);
      set(last, token);
      at[size] = place;
      before[size] = cell(place - 1);
      after[size++] = cell(last + 1);
    }
    made.setSize(size);
  }

  /** Reads one cell at each place, so that the next access finds it in the cache. */
  private void touch(int[] places, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
      sum += low[places[i]];
    }
    if (wide) {
      for (int i = 0; i < n; i++) {
        sum += high[places[i]];
      }
    }
    touched = sum;
  }
}
