package org.merganser.learn.ngram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.merganser.binary.Varints;
import org.merganser.store.UnusableFileException;

/**
 * Reads the counts of a file in the form of {@link NgramFile}, which handles the errors: reading
 * fails with any exception if the bytes are not a model.
 */
final class NgramFileReader {
  private final byte[] file;

  /** The place of the next number. */
  private int at;

  NgramFileReader(byte[] file) {
    this.file = file;
  }

  /** All counts of the file. */
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
    List<long[]> leftOut = new ArrayList<>();
    for (int order = 2; order <= shape.order(); order++) {
      kept.add(readNgrams(order, shape, kept, leftOut));
    }
    return new LearnedNgrams(shape, unigrams, kept, leftOut, discounts);
  }

  /**
   * Reads the n-grams of an order.
   *
   * @param kept those of the orders below, from 2
   * @param leftOut receives, by history, the adjusted counts of the continuations that are left out
   */
  private KeptNgrams readNgrams(
      int order, NgramShape shape, List<KeptNgrams> kept, List<long[]> leftOut) {
    int histories = order == 2 ? shape.symbols() : kept.get(order - 3).size();
    int[] symbolsOfHistories =
        order == 2 ? IntStream.range(0, histories).toArray() : kept.get(order - 3).symbols();
    int[] continuations = new int[histories];
    long[] ofHistories = new long[histories];
    for (int history = 0; history < histories; history++) {
      long value = readNumber();
      continuations[history] = Math.toIntExact(value >>> 1);
      ofHistories[history] = (value & 1) == 0 ? 0 : readNumber();
    }
    leftOut.add(ofHistories);
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
   * @param count the number of continuations
   * @param ngram the history, with room for a last symbol
   * @param to receives the n-grams
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

  /** The next number in LEB128. */
  private long readNumber() {
    long value = Varints.read(file, at);
    at += Varints.length(value);
    return value;
  }

  /** The next number, which must be an int. */
  private int readSize() {
    return Math.toIntExact(readNumber());
  }
}
