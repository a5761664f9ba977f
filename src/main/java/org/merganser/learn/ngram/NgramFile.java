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
 * <p>All numbers are unsigned LEB128, except the discounts, which are little-endian doubles:
 *
 * <pre>
 * order, idBound, endOfDocument + 1
 * order × 3 discounts, off an adjusted count of 1, 2, and 3 or more
 * symbols × adjusted count
 * for each order from 2:
 *   for each n-gram of the order below: 2 × continuations, + 1 and the adjusted count left out, if any
 *   for each n-gram: 2 × distance from the id before, − 1 at first, + 1 and the adjusted count, if not 1;
 *     below the highest order then its occurrences minus its adjusted count
 * </pre>
 */
public final class NgramFile {
  private final LearnedNgrams learned;
  private final NgramShape shape;
  private final long leastCount;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private NgramFile(LearnedNgrams learned, long leastCount) {
    this.learned = learned;
    this.shape = learned.shape();
    this.leastCount = leastCount;
  }

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
    LearnedNgrams learned = learned(file, name);
    for (long least = 2; least < Integer.MAX_VALUE; least += 1 + least / 8) {
      byte[] fewer = new NgramFile(learned, least).write(mostBytes);
      if (fewer.length <= mostBytes) {
        return fewer;
      }
    }
    return new NgramFile(learned, Long.MAX_VALUE).write(Integer.MAX_VALUE);
  }

  /** Writes the file; stops early, with more than {@code enough} bytes, if it is larger. */
  private byte[] write(int enough) {
    number(shape.order());
    number(shape.idBound());
    number(shape.endOfDocument() + 1L);
    ByteBuffer discounts =
        ByteBuffer.allocate(3 * Double.BYTES * shape.order()).order(ByteOrder.LITTLE_ENDIAN);
    for (Discounts of : learned.discounts()) {
      discounts.putDouble(of.one()).putDouble(of.two()).putDouble(of.more());
    }
    out.writeBytes(discounts.array());
    for (long adjusted : learned.unigramAdjusted()) {
      number(adjusted);
    }
    boolean[] histories = new boolean[shape.symbols()];
    Arrays.fill(histories, true);
    for (int order = 2; order <= shape.order() && out.size() <= enough; order++) {
      histories = write(order, histories);
    }
    return out.toByteArray();
  }

  private boolean[] write(int order, boolean[] histories) {
    KeptNgrams ngrams = learned.kept().get(order - 2);
    int[] firstChild =
        ngrams.firstChild(order == 2 ? null : learned.kept().get(order - 3), histories.length);
    boolean[] keeps = new boolean[ngrams.size()];
    for (int ngram = 0; ngram < keeps.length; ngram++) {
      keeps[ngram] = ngrams.count(ngram) >= leastCount;
    }
    for (int history = 0; history < histories.length; history++) {
      if (histories[history]) {
        long continuations = 0;
        long cut = learned.cut().get(order - 2)[history];
        for (int ngram = firstChild[history]; ngram < firstChild[history + 1]; ngram++) {
          if (keeps[ngram]) {
            continuations++;
          }
          cut += keeps[ngram] ? 0 : ngrams.adjusted(ngram);
        }
        number(2 * continuations + (cut > 0 ? 1 : 0));
        if (cut > 0) {
          number(cut);
        }
      }
    }
    for (int history = 0; history < histories.length; history++) {
      int last = -1;
      for (int ngram = firstChild[history]; ngram < firstChild[history + 1]; ngram++) {
        if (keeps[ngram]) {
          long adjusted = ngrams.adjusted(ngram);
          number(2L * (ngrams.last(ngram) - last) + (adjusted == 1 ? 0 : 1));
          if (adjusted != 1) {
            number(adjusted);
          }
          if (order < shape.order()) {
            number(ngrams.count(ngram) - adjusted);
          }
          last = ngrams.last(ngram);
        }
      }
    }
    return keeps;
  }

  private void number(long value) {
    byte[] bytes = new byte[10];
    out.write(bytes, 0, Varints.write(bytes, 0, value));
  }

  /**
   * @param name the file's name in errors
   * @throws UnusableFileException if the bytes are not a model
   */
  public static NgramModel read(byte[] file, String name) {
    LearnedNgrams learned = learned(file, name);
    try {
      return learned.model();
    } catch (RuntimeException e) { // the end of an n-gram is not an n-gram of the order below
      throw damaged(name, e);
    }
  }

  private static LearnedNgrams learned(byte[] file, String name) {
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

  private static final class Reader {
    private final byte[] file;
    private int at;

    Reader(byte[] file) {
      this.file = file;
    }

    LearnedNgrams read() {
      NgramShape shape = new NgramShape(size(), size(), size() - 1);
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
      Arrays.setAll(unigrams, symbol -> number());
      List<KeptNgrams> kept = new ArrayList<>();
      List<long[]> cuts = new ArrayList<>();
      for (int order = 2; order <= shape.order(); order++) {
        kept.add(ngrams(order, shape, kept, cuts));
      }
      return new LearnedNgrams(shape, unigrams, kept, cuts, discounts);
    }

    private KeptNgrams ngrams(
        int order, NgramShape shape, List<KeptNgrams> kept, List<long[]> cuts) {
      int histories = order == 2 ? shape.symbols() : kept.get(order - 3).size();
      int[] above =
          order == 2 ? IntStream.range(0, histories).toArray() : kept.get(order - 3).symbols();
      int[] continuations = new int[histories];
      long[] cut = new long[histories];
      for (int history = 0; history < histories; history++) {
        long value = number();
        continuations[history] = Math.toIntExact(value >>> 1);
        cut[history] = (value & 1) == 0 ? 0 : number();
      }
      cuts.add(cut);
      KeptNgrams ngrams = new KeptNgrams(order);
      int[] ngram = new int[order];
      for (int history = 0; history < histories; history++) {
        System.arraycopy(above, history * (order - 1), ngram, 0, order - 1);
        int last = -1;
        for (int i = 0; i < continuations[history]; i++) {
          long value = number();
          last = Math.toIntExact(Math.addExact(last, value >>> 1));
          if (last >= shape.symbols()) {
            throw new UnusableFileException("the id " + last + " is none");
          }
          ngram[order - 1] = last;
          long adjusted = (value & 1) == 0 ? 1 : number();
          long more = order < shape.order() ? number() : 0;
          ngrams.add(ngram, 0, Math.addExact(adjusted, more), adjusted);
        }
      }
      return ngrams;
    }

    private long number() {
      long value = Varints.read(file, at);
      at += Varints.length(value);
      return value;
    }

    private int size() {
      return Math.toIntExact(number());
    }
  }
}
