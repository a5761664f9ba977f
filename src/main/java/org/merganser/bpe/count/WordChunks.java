package org.merganser.bpe.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.merganser.binary.Varints;

/**
 * Collects words, each of a numbered run, and then lays all of them out side by side, run by run: a
 * <b>cell</b> for each symbol, and one after each word. Until then a word is stored as {@code run
 * length bytes} in chunks, so that no large array is copied when it grows.
 */
public final class WordChunks {
  /**
   * The low 16 bits of the cell before the first word and of the one after each word. If cells have
   * 24 bits, the upper ones are all set too.
   */
  public static final char END = 0xFFFF;

  /**
   * Symbols below this fit a cell of 16 bits. The two values above are {@link #END}, and a mark of
   * {@code PretokenSymbols} for a cell inside a symbol.
   */
  public static final int NARROW_IDS = 0xFFFE;

  /** The bytes of a chunk, unless a word is longer. */
  private static final int CHUNK = 1 << 20;

  /** The maximum number of cells: the maximum length of an array. */
  private static final int MAX_CELLS = Integer.MAX_VALUE - 16;

  /** The maximum bytes of the run and the length of a word, as varints. */
  private static final int MAX_HEADER = 5 + 5;

  private final int symbolBytes;

  /** The chunks before the current one, each cut to its used bytes. */
  private final List<byte[]> full = new ArrayList<>();

  /** The current chunk. */
  private byte[] chunk = new byte[CHUNK];

  /** The used bytes of {@link #chunk}. */
  private int used;

  /** The number of cells of all words, with the one before the first word. */
  private long cells = 1;

  /** By run, the number of cells of its words. */
  private int[] cellsOfRun = new int[64];

  /** Whether a symbol so far needs more than 16 bits. */
  private boolean wide;

  /**
   * All words: a cell for each symbol, and {@link #END} before the first word and after each.
   *
   * @param low 16 bits of each cell
   * @param high the 8 bits above these; empty if no symbol needs them
   * @param starts where the words of each run begin, in the requested order; the last entry is the
   *     end of all words
   */
  public record Cells(char[] low, byte[] high, int[] starts) {}

  /**
   * @param symbolBytes bytes of a symbol, 1 to 3, the highest first
   */
  public WordChunks(int symbolBytes) {
    if (symbolBytes < 1 || symbolBytes > 3) {
      throw new IllegalArgumentException(symbolBytes + " bytes of a symbol; it has 1 to 3");
    }
    this.symbolBytes = symbolBytes;
  }

  /**
   * Adds a word to a run.
   *
   * @param bytes has the word's symbols from {@code from} on
   * @param length the number of its symbols
   * @throws IllegalStateException if the words, and a cell after each, do not fit one array
   */
  public void add(int run, byte[] bytes, int from, int length) {
    long withWord = cells + length + 1;
    if (withWord > MAX_CELLS) {
      throw new IllegalStateException(
          "the distinct pretokens take more than the "
              + MAX_CELLS
              + " cells that fit; raise the minimum count of a pretoken");
    }
    cells = withWord;
    int size = length * symbolBytes;
    ensure(size + MAX_HEADER);
    used = Varints.write(chunk, used, run);
    used = Varints.write(chunk, used, length);
    System.arraycopy(bytes, from, chunk, used, size);
    used += size;
    if (run >= cellsOfRun.length) {
      cellsOfRun = Arrays.copyOf(cellsOfRun, Math.max(run + 1, 2 * cellsOfRun.length));
    }
    cellsOfRun[run] += length + 1;
    if (symbolBytes > 1) {
      wide |= hasWideSymbol(bytes, from, from + size);
    }
  }

  /** Whether one of the symbols {@code bytes[from, to)} needs more than 16 bits. */
  private boolean hasWideSymbol(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at += symbolBytes) {
      if (symbol(bytes, at) >= NARROW_IDS) {
        return true;
      }
    }
    return false;
  }

  /** Begins another chunk if {@code bytes} more do not fit the current one. */
  private void ensure(int bytes) {
    if (used + bytes <= chunk.length) {
      return;
    }
    full.add(Arrays.copyOf(chunk, used));
    used = 0;
    // The array is used again, unless it is too small or was made for a long word.
    if (chunk.length < bytes || chunk.length > CHUNK) {
      chunk = new byte[Math.max(CHUNK, bytes)];
    }
  }

  /** The symbol whose first byte is at a place. */
  private int symbol(byte[] bytes, int at) {
    int symbol = 0;
    for (int i = 0; i < symbolBytes; i++) {
      symbol = (symbol << 8) | (bytes[at + i] & 0xFF);
    }
    return symbol;
  }

  /**
   * Lays out the words by run, then by arrival; frees each chunk after use. Nothing can be added
   * afterwards.
   *
   * @param order the numbers of all runs, in the order of their words
   */
  public Cells layOut(int[] order) {
    int[] starts = new int[order.length + 1];
    int[] nextPlaces = new int[cellsOfRun.length];
    int end = 1;
    for (int i = 0; i < order.length; i++) {
      starts[i] = end;
      nextPlaces[order[i]] = end;
      end += cellsOfRun[order[i]];
    }
    starts[order.length] = end;
    Cells laidOut = new Cells(new char[end], new byte[wide ? end : 0], starts);
    writeEnd(laidOut, 0);
    full.add(Arrays.copyOf(chunk, used));
    chunk = new byte[0];
    for (int i = 0; i < full.size(); i++) {
      writeWords(full.set(i, new byte[0]), nextPlaces, laidOut);
    }
    return laidOut;
  }

  /**
   * Writes the words of a chunk.
   *
   * @param nextPlaces by run, where its next word is written; they advance
   */
  private void writeWords(byte[] words, int[] nextPlaces, Cells laidOut) {
    for (int at = 0; at < words.length; ) {
      int run = (int) Varints.read(words, at);
      at += Varints.length(run);
      int length = (int) Varints.read(words, at);
      at += Varints.length(length);
      int to = nextPlaces[run];
      nextPlaces[run] = to + length + 1;
      for (int end = to + length; to < end; to++) {
        int symbol = symbolBytes == 1 ? words[at] & 0xFF : symbol(words, at);
        laidOut.low[to] = (char) symbol;
        if (wide) {
          laidOut.high[to] = (byte) (symbol >>> 16);
        }
        at += symbolBytes;
      }
      writeEnd(laidOut, to);
    }
  }

  /** Writes the cell between words. */
  private void writeEnd(Cells laidOut, int place) {
    laidOut.low[place] = END;
    if (wide) {
      laidOut.high[place] = (byte) 0xFF;
    }
  }
}
