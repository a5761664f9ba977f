package org.merganser.bpe.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.merganser.bpe.Varints;

/**
 * Words as they come, each behind a number that says where it belongs and its length in symbols,
 * until all are laid out in one array: {@code number length bytes}, in chunks, so that no array of
 * all of them is copied when it grows.
 */
public final class WordChunks {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_CELLS = Integer.MAX_VALUE - 16;

  /** Bytes of the longest number and length. */
  private static final int FRAME = 10 + 5;

  private final int symbolBytes;
  private final List<byte[]> full = new ArrayList<>();
  private byte[] chunk = new byte[CHUNK];
  private int used;
  private long cells = 1;

  /** Takes words one after the other. */
  public interface Visitor {
    /**
     * @param from where the bytes of the word begin
     * @param length in symbols
     */
    void word(long number, byte[] bytes, int from, int length);
  }

  /**
   * @param symbolBytes bytes of a symbol
   */
  public WordChunks(int symbolBytes) {
    this.symbolBytes = symbolBytes;
  }

  /**
   * Adds a word of {@code length} symbols.
   *
   * @throws IllegalStateException when the words, and a cell behind each, do not fit one array
   */
  public void add(long number, byte[] bytes, int from, int length) {
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
    used = Varints.write(chunk, used, number);
    used = Varints.write(chunk, used, length);
    System.arraycopy(bytes, from, chunk, used, size);
    used += size;
  }

  /** Visits all words in the order in which they came, and forgets each chunk behind them. */
  public void drain(Visitor visitor) {
    full.add(Arrays.copyOf(chunk, used));
    chunk = new byte[0];
    for (int i = 0; i < full.size(); i++) {
      byte[] words = full.set(i, new byte[0]);
      for (int at = 0; at < words.length; ) {
        long number = Varints.read(words, at);
        at += Varints.length(number);
        int length = (int) Varints.read(words, at);
        at += Varints.length(length);
        visitor.word(number, words, at, length);
        at += length * symbolBytes;
      }
    }
  }
}
