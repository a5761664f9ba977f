package org.merganser.bpe.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.merganser.binary.Varints;

/**
 * Collects words, each of a numbered run, and then lays all of them out in one array, run by run.
 * Until then a word is stored as {@code run length bytes} in chunks, so that no large array is
 * copied when it grows.
 */
public final class WordChunks {
  /** The cell before the first word and after each; its upper byte is 0xFF. */
  public static final char END = 0xFFFF;

  /** Symbols below this need 16 bits. */
  public static final int NARROW_IDS = 0xFFFE;

  private static final int CHUNK = 1 << 20;
  private static final int MAX_CELLS = Integer.MAX_VALUE - 16;

  private static final int FRAME = 5 + 5;

  private final int symbolBytes;
  private final List<byte[]> full = new ArrayList<>();
  private byte[] chunk = new byte[CHUNK];
  private int used;
  private long cells = 1;

  /** By run, the number of cells of its words; during the layout, the place of its next word. */
  private int[] runs = new int[64];

  private boolean wide;

  /**
   * All words: a cell for each symbol, and {@link #END} before the first word and after each.
   *
   * @param low 16 bits of each cell
   * @param high the bits above these; empty if all are 0
   * @param starts where the words of each run begin, in the requested order; the last entry is the
   *     end of all words
   */
  public record Cells(char[] low, byte[] high, int[] starts) {}

  /**
   * @param symbolBytes bytes of a symbol, the highest first
   */
  public WordChunks(int symbolBytes) {
    this.symbolBytes = symbolBytes;
  }

  /**
   * @throws IllegalStateException if the words, and a cell after each, do not fit one array
   */
  public void add(int run, byte[] bytes, int from, int length) {
    cells += length + 1;
    if (cells > MAX_CELLS) {
      throw new IllegalStateException(
          "the distinct pretokens take more than the "
              + MAX_CELLS
              + " cells that fit; raise the minimum count of a pretoken");
    }
    int size = length * symbolBytes;
    if (used + size + FRAME > chunk.length) {
      full.add(Arrays.copyOf(chunk, used));
      used = 0;
      if (chunk.length < size + FRAME || chunk.length > CHUNK) {
        chunk = new byte[Math.max(CHUNK, size + FRAME)];
      }
    }
    used = Varints.write(chunk, used, run);
    used = Varints.write(chunk, used, length);
    System.arraycopy(bytes, from, chunk, used, size);
    used += size;
    if (run >= runs.length) {
      runs = Arrays.copyOf(runs, Math.max(run + 1, 2 * runs.length));
    }
    runs[run] += length + 1;
    if (symbolBytes > 1) {
      for (int at = from; at < from + size; at += symbolBytes) {
        wide |= symbol(bytes, at) >= NARROW_IDS;
      }
    }
  }

  private int symbol(byte[] bytes, int at) {
    int symbol = 0;
    for (int i = 0; i < symbolBytes; i++) {
      symbol = symbol << 8 | bytes[at + i] & 0xFF;
    }
    return symbol;
  }

  /** Lays out the words by run, in {@code order}, then by arrival; frees each chunk after use. */
  public Cells layOut(int[] order) {
    int[] starts = new int[order.length + 1];
    int at = 1;
    for (int i = 0; i < order.length; i++) {
      starts[i] = at;
      at += runs[order[i]];
      runs[order[i]] = starts[i];
    }
    starts[order.length] = at;
    Cells laidOut = new Cells(new char[at], new byte[wide ? at : 0], starts);
    end(laidOut, 0);
    full.add(Arrays.copyOf(chunk, used));
    chunk = new byte[0];
    for (int i = 0; i < full.size(); i++) {
      place(full.set(i, new byte[0]), laidOut);
    }
    return laidOut;
  }

  private void place(byte[] words, Cells laidOut) {
    for (int at = 0; at < words.length; ) {
      int run = (int) Varints.read(words, at);
      at += Varints.length(run);
      int length = (int) Varints.read(words, at);
      at += Varints.length(length);
      int to = runs[run];
      runs[run] = to + length + 1;
      for (int end = to + length; to < end; to++) {
        int symbol = symbolBytes == 1 ? words[at] & 0xFF : symbol(words, at);
        laidOut.low[to] = (char) symbol;
        if (wide) {
          laidOut.high[to] = (byte) (symbol >>> 16);
        }
        at += symbolBytes;
      }
      end(laidOut, to);
    }
  }

  private void end(Cells laidOut, int place) {
    laidOut.low[place] = END;
    if (wide) {
      laidOut.high[place] = (byte) 0xFF;
    }
  }
}
