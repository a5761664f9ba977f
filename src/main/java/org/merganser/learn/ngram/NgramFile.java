package org.merganser.learn.ngram;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.merganser.binary.Varints;
import org.merganser.store.UnusableFileException;

/**
 * A model as a file, {@code learned/ngrams.bin} of a run's output: counts, from which a reader
 * computes the probabilities. The page of a run embeds the same form with fewer n-grams.
 *
 * <p>All numbers are unsigned LEB128, except the discounts, which are little-endian doubles. A flag
 * is 1 or 0:
 *
 * <pre>
 * order
 * idBound
 * endOfDocument + 1
 * for each order:        the discounts of an adjusted count of 1, 2, and 3 or more
 * for each symbol:       its adjusted count
 * for each order from 2:
 *   for each n-gram of the order below, which is a history:
 *     2 × its continuations + flag
 *     if the flag is 1:  the sum of the adjusted counts of continuations that are left out
 *   for each n-gram:
 *     2 × (its last symbol - the last symbol of the history's continuation before) + flag;
 *                        the symbol before the first continuation is -1
 *     if the flag is 1:  its adjusted count, else that is 1
 *     below the highest order: its occurrences - its adjusted count
 * </pre>
 */
public final class NgramFile {
  /** A size that no file has. */
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final LearnedNgrams learned;
  private final NgramShape shape;
  private final long leastCount;

  /** The file as far as it is written. */
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * A file to write.
   *
   * @param leastCount n-grams with fewer occurrences are left out
   */
  private NgramFile(LearnedNgrams learned, long leastCount) {
    this.learned = learned;
    this.shape = learned.shape();
    this.leastCount = leastCount;
  }

  /** The file of all n-grams. */
  static byte[] write(LearnedNgrams learned) {
    long leastCount = 1; // every n-gram
    return new NgramFile(learned, leastCount).write(NO_LIMIT);
  }

  /**
   * The file without the rarest n-grams, so that it has at most {@code mostBytes}; a file of single
   * ids alone may have more. An n-gram that is left out counts towards the backoff of its history,
   * as in {@link NgramLearner}.
   *
   * @param mostBytes of the result
   * @param file the bytes of a model
   * @param name the file's name in errors
   * @throws UnusableFileException if the bytes are not a model
   */
  public static byte[] within(int mostBytes, byte[] file, String name) {
    if (file.length <= mostBytes) {
      return file;
    }
    LearnedNgrams learned = readCounts(file, name);
    for (long least = 2; least < Integer.MAX_VALUE; least += 1 + least / 8) { // 2, 3 … 8, 10, 12 …
      byte[] fewer = new NgramFile(learned, least).write(mostBytes);
      if (fewer.length <= mostBytes) {
        return fewer;
      }
    }
    return new NgramFile(learned, Long.MAX_VALUE).write(NO_LIMIT);
  }

  /**
   * Reads a model.
   *
   * @param name the file's name in errors
   * @throws UnusableFileException if the bytes are not a model
   */
  public static NgramModel read(byte[] file, String name) {
    LearnedNgrams learned = readCounts(file, name);
    try {
      return learned.model();
    } catch (RuntimeException e) { // the end of an n-gram is not an n-gram of the order below
      throw damaged(name, e);
    }
  }

  /** Reads the counts of a file; fails as {@link #read}. */
  private static LearnedNgrams readCounts(byte[] file, String name) {
    try {
      return new NgramFileReader(file).read();
    } catch (RuntimeException e) {
      throw damaged(name, e);
    }
  }

  private static UnusableFileException damaged(String name, RuntimeException cause) {
    return new UnusableFileException(
        name
            + " is not an n-gram model, or is damaged; run the job again to write it again: "
            + cause,
        cause);
  }

  /** Writes the file; stops early, with more than {@code enough} bytes, if it is larger. */
  private byte[] write(int enough) {
    writeNumber(shape.order());
    writeNumber(shape.idBound());
    writeNumber(shape.endOfDocument() + 1L);
    ByteBuffer discounts =
        ByteBuffer.allocate(3 * Double.BYTES * shape.order()).order(ByteOrder.LITTLE_ENDIAN);
    for (Discounts ofOrder : learned.discounts()) {
      discounts.putDouble(ofOrder.one()).putDouble(ofOrder.two()).putDouble(ofOrder.more());
    }
    out.writeBytes(discounts.array());
    for (long adjusted : learned.unigramAdjusted()) {
      writeNumber(adjusted);
    }
    boolean[] histories = new boolean[shape.symbols()]; // single symbols are all in the file
    Arrays.fill(histories, true);
    for (int order = 2; order <= shape.order() && out.size() <= enough; order++) {
      histories = writeOrder(order, histories);
    }
    return out.toByteArray();
  }

  /**
   * Writes the n-grams of an order.
   *
   * @param order at least 2
   * @param histories whether each n-gram of the order below is in the file
   * @return whether each n-gram of this order is in the file
   */
  private boolean[] writeOrder(int order, boolean[] histories) {
    KeptNgrams ngrams = learned.keptOf(order);
    int[] firstChild =
        ngrams.firstChild(order == 2 ? null : learned.keptOf(order - 1), histories.length);
    boolean[] keeps = new boolean[ngrams.size()];
    for (int ngram = 0; ngram < keeps.length; ngram++) {
      keeps[ngram] = ngrams.count(ngram) >= leastCount;
    }
    long[] leftOut = learned.leftOutOf(order);
    for (int history = 0; history < histories.length; history++) {
      if (histories[history]) {
        writeHistory(ngrams, firstChild[history], firstChild[history + 1], keeps, leftOut[history]);
      }
    }
    for (int history = 0; history < histories.length; history++) {
      writeContinuations(order, firstChild[history], firstChild[history + 1], keeps);
    }
    return keeps;
  }

  /**
   * Writes what is known of the continuations of a history.
   *
   * @param from the first n-gram that continues it; {@code to} is after the last one
   * @param keeps whether each n-gram is in the file
   * @param notKept the sum of the adjusted counts of those that the model does not keep
   */
  private void writeHistory(KeptNgrams ngrams, int from, int to, boolean[] keeps, long notKept) {
    long continuations = 0;
    long leftOut = notKept;
    for (int ngram = from; ngram < to; ngram++) {
      if (keeps[ngram]) {
        continuations++;
      } else {
        leftOut += ngrams.adjusted(ngram);
      }
    }
    writeNumber(2 * continuations + (leftOut > 0 ? 1 : 0));
    if (leftOut > 0) {
      writeNumber(leftOut);
    }
  }

  /** Writes the continuations of a history that are in the file. */
  private void writeContinuations(int order, int from, int to, boolean[] keeps) {
    KeptNgrams ngrams = learned.keptOf(order);
    int last = -1;
    for (int ngram = from; ngram < to; ngram++) {
      if (keeps[ngram]) {
        long adjusted = ngrams.adjusted(ngram);
        writeNumber(2L * (ngrams.last(ngram) - last) + (adjusted == 1 ? 0 : 1));
        if (adjusted != 1) {
          writeNumber(adjusted);
        }
        if (order < shape.order()) {
          writeNumber(ngrams.count(ngram) - adjusted);
        }
        last = ngrams.last(ngram);
      }
    }
  }

  /** Writes a number of 0 or more in LEB128. */
  private void writeNumber(long value) {
    byte[] bytes = new byte[Varints.MOST_BYTES];
    out.write(bytes, 0, Varints.write(bytes, 0, value));
  }
}
