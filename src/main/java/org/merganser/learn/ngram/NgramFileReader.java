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
    int order = readSize();
    int idBound = readSize();
    int endOfDocument = readSize() - 1;
    NgramShape shape = new NgramShape(order, idBound, endOfDocument);
    ByteBuffer doubles = ByteBuffer.wrap(file).position(at).order(ByteOrder.LITTLE_ENDIAN);
    List<Discounts> discounts = new ArrayList<>();
    for (int i = 0; i < order; i++) {
      discounts.add(readDiscounts(doubles));
    }
    at = doubles.position();
    if (shape.symbols() > file.length - at) {
      throw new UnusableFileException("it has fewer bytes than ids");
    }
    long[] unigrams = new long[shape.symbols()];
    Arrays.setAll(unigrams, symbol -> readNumber());
    List<KeptNgrams> kept = new ArrayList<>();
    List<long[]> leftOut = new ArrayList<>();
    for (int length = 2; length <= order; length++) {
      kept.add(readNgrams(length, shape, kept, leftOut));
    }
    if (at != file.length) {
      throw new UnusableFileException(
          "it has %s bytes after its n-grams".formatted(file.length - at));
    }
    return new LearnedNgrams(shape, unigrams, kept, leftOut, discounts);
  }

  /** Reads the discounts of an order. */
  private static Discounts readDiscounts(ByteBuffer doubles) {
    double one = doubles.getDouble();
    double two = doubles.getDouble();
    double more = doubles.getDouble();
    Discounts discounts = new Discounts(one, two, more);
    if (!discounts.areInRange()) {
      throw new UnusableFileException(discounts + " are not in range");
    }
    return discounts;
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
      long symbol = Math.addExact(last, value >>> 1);
      if (symbol <= last || symbol >= shape.symbols()) {
        throw new UnusableFileException(
            "symbol %s after %s is not a later one of the %s symbols"
                .formatted(symbol, last, shape.symbols()));
      }
      last = (int) symbol;
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
