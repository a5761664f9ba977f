package org.merganser.learn.ngram;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
  private final LearnedNgrams learned;
  private final NgramShape shape;
  private final long leastCount;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * @param leastCount n-grams with fewer occurrences are left out
   */
  private NgramFile(LearnedNgrams learned, long leastCount) {
    this.learned = learned;
    this.shape = learned.shape();
    this.leastCount = leastCount;
  }

  /** The file of all n-grams. */
  static byte[] write(LearnedNgrams learned) {
    return new NgramFile(learned, 1).write(Integer.MAX_VALUE);
  }

  /**
   * The file without the rarest n-grams, so that it has at most {@code mostBytes}; a file of single
   * ids alone may have more. An n-gram that is left out counts towards the backoff of its history,
   * as in {@link NgramLearner}.
   *
   * @param name the file's name in errors
   */
  public static byte[] within(int mostBytes, byte[] file, String name) {
    if (file.length <= mostBytes) {
      return file;
    }
    LearnedNgrams learned = readCounts(file, name);
    for (long least = 2; least < Integer.MAX_VALUE; least += 1 + least / 8) {
      byte[] fewer = new NgramFile(learned, least).write(mostBytes);
      if (fewer.length <= mostBytes) {
        return fewer;
      }
    }
    return new NgramFile(learned, Long.MAX_VALUE).write(Integer.MAX_VALUE);
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

  private static LearnedNgrams readCounts(byte[] file, String name) {
    try {
      return new Reader(file).read();
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
    for (Discounts of : learned.discounts()) {
      discounts.putDouble(of.one()).putDouble(of.two()).putDouble(of.more());
    }
    out.writeBytes(discounts.array());
    for (long adjusted : learned.unigramAdjusted()) {
      writeNumber(adjusted);
    }
    boolean[] histories = new boolean[shape.symbols()];
    Arrays.fill(histories, true);
    for (int order = 2; order <= shape.order() && out.size() <= enough; order++) {
      histories = writeOrder(order, histories);
    }
    return out.toByteArray();
  }

  /**
   * Writes the n-grams of an order.
   *
   * @param histories whether each n-gram of the order below is in the file
   * @return whether each n-gram of this order is in the file
   */
  private boolean[] writeOrder(int order, boolean[] histories) {
    KeptNgrams ngrams = learned.kept().get(order - 2);
    int[] firstChild =
        ngrams.firstChild(order == 2 ? null : learned.kept().get(order - 3), histories.length);
    boolean[] keeps = new boolean[ngrams.size()];
    for (int ngram = 0; ngram < keeps.length; ngram++) {
      keeps[ngram] = ngrams.count(ngram) >= leastCount;
    }
    long[] cut = learned.cut().get(order - 2);
    for (int history = 0; history < histories.length; history++) {
      if (histories[history]) {
        writeHistory(ngrams, firstChild[history], firstChild[history + 1], keeps, cut[history]);
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
   * @param alreadyCut the adjusted counts of those that the model does not keep
   */
  private void writeHistory(KeptNgrams ngrams, int from, int to, boolean[] keeps, long alreadyCut) {
    long continuations = 0;
    long cut = alreadyCut;
    for (int ngram = from; ngram < to; ngram++) {
      if (keeps[ngram]) {
        continuations++;
      } else {
        cut += ngrams.adjusted(ngram);
      }
    }
    writeNumber(2 * continuations + (cut > 0 ? 1 : 0));
    if (cut > 0) {
      writeNumber(cut);
    }
  }

  /** Writes the continuations of a history that are in the file. */
  private void writeContinuations(int order, int from, int to, boolean[] keeps) {
    KeptNgrams ngrams = learned.kept().get(order - 2);
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

  private void writeNumber(long value) {
    byte[] bytes = new byte[10];
    out.write(bytes, 0, Varints.write(bytes, 0, value));
  }

  /** Reads the counts of a file; fails with any exception if the bytes are not a model. */
  private static final class Reader {
    private final byte[] file;
    private int at;

    Reader(byte[] file) {
      this.file = file;
    }

    LearnedNgrams read() {
      NgramShape shape = new NgramShape(readSize(), readSize(), readSize() - 1);
      ByteBuffer doubles = ByteBuffer.wrap(file).position(at).order(ByteOrder.LITTLE_ENDIAN);
      List<Discounts> discounts = new ArrayList<>();
      for (int order = 1; order <= shape.order(); order++) {
        discounts.add(new Discounts(doubles.getDouble(), doubles.getDouble(), doubles.getDouble()));
      }
      at = doubles.position();
      if (shape.symbols() > file.length - at) {
        throw new UnusableFileException("it has fewer bytes than ids");
      }
      long[] unigrams = new long[shape.symbols()];
      Arrays.setAll(unigrams, symbol -> readNumber());
      List<KeptNgrams> kept = new ArrayList<>();
      List<long[]> cuts = new ArrayList<>();
      for (int order = 2; order <= shape.order(); order++) {
        kept.add(readNgrams(order, shape, kept, cuts));
      }
      return new LearnedNgrams(shape, unigrams, kept, cuts, discounts);
    }

    /**
     * Reads the n-grams of an order.
     *
     * @param kept those of the orders below, from 2
     * @param cuts receives, by history, the adjusted counts of the continuations that are left out
     */
    private KeptNgrams readNgrams(
        int order, NgramShape shape, List<KeptNgrams> kept, List<long[]> cuts) {
      int histories = order == 2 ? shape.symbols() : kept.get(order - 3).size();
      int[] symbolsOfHistories =
          order == 2 ? IntStream.range(0, histories).toArray() : kept.get(order - 3).symbols();
      int[] continuations = new int[histories];
      long[] cut = new long[histories];
      for (int history = 0; history < histories; history++) {
        long value = readNumber();
        continuations[history] = Math.toIntExact(value >>> 1);
        cut[history] = (value & 1) == 0 ? 0 : readNumber();
      }
      cuts.add(cut);
      KeptNgrams ngrams = new KeptNgrams(order);
      int[] ngram = new int[order];
      for (int history = 0; history < histories; history++) {
        System.arraycopy(symbolsOfHistories, history * (order - 1), ngram, 0, order - 1);
        readContinuations(continuations[history], ngram, shape, ngrams);
      }
      return ngrams;
    }

    /**
     * Reads the continuations of a history.
     *
     * @param ngram the history, with room for a last symbol
     */
    private void readContinuations(int count, int[] ngram, NgramShape shape, KeptNgrams to) {
      int order = ngram.length;
      int last = -1;
      for (int i = 0; i < count; i++) {
        long value = readNumber();
        last = Math.toIntExact(Math.addExact(last, value >>> 1));
        if (last >= shape.symbols()) {
          throw new UnusableFileException("the id " + last + " is none");
        }
        ngram[order - 1] = last;
        long adjusted = (value & 1) == 0 ? 1 : readNumber();
        long more = order < shape.order() ? readNumber() : 0;
        to.add(ngram, 0, Math.addExact(adjusted, more), adjusted);
      }
    }

    private long readNumber() {
      long value = Varints.read(file, at);
      at += Varints.length(value);
      return value;
    }

    private int readSize() {
      return Math.toIntExact(readNumber());
    }
  }
}
