package org.merganser.learn.ngram;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.parquet.bytes.BytesUtils;
import org.merganser.learn.LearnException;

/**
 * A model of bounded size, {@code learned/ngrams.bin} of a run's output, for a page that has it in
 * itself: the counts of the n-grams that occur most often, of which a reader makes the model.
 *
 * <p>N-grams of a model are kept in the order of their counts, the highest first, of equal counts
 * the lower order first, then the smaller ids: as many as fit. What is left out counts towards the
 * backoff of its history, as in {@link NgramLearner}. In that order the beginning and the end of a
 * kept n-gram are kept too, since they occur at least as often.
 *
 * <p>All numbers are unsigned LEB128 but the discounts, which are little-endian doubles:
 *
 * <pre>
 * order, idBound, endOfDocument + 1
 * order × 3 discounts, off an adjusted count of 1, 2, and 3 or more
 * symbols × adjusted count
 * for each order from 2:
 *   for each n-gram of the order below: 2 × continuations, + 1 and the adjusted count left out, if any
 *   for each n-gram: 2 × distance from the id before, − 1 at first, + 1 and the adjusted count, if not 1
 * </pre>
 */
public final class PackedNgrams {
  /** In Base64 this is 3 MB. */
  private static final int MOST_BYTES = 2_250_000;

  /** The search for the largest number of n-grams ends within one in so many of them. */
  private static final int PRECISION = 4096;

  private final LearnedNgrams learned;
  private final NgramShape shape;
  private final List<Integer> keptByOrder = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private PackedNgrams(LearnedNgrams learned) {
    this.learned = learned;
    this.shape = learned.model().shape();
  }

  /**
   * A packed model.
   *
   * @param ngrams kept, by order from 1
   * @param all n-grams of the model that it was made of, by order from 1
   */
  public record Packed(byte[] bytes, List<Integer> ngrams, List<Integer> all) {
    /** Whether n-grams were left out. */
    public boolean isPruned() {
      return !ngrams.equals(all);
    }
  }

  /** Packs what fits; all ids are kept, however many there are. */
  public static Packed of(LearnedNgrams learned) {
    return of(learned, MOST_BYTES);
  }

  static Packed of(LearnedNgrams learned, int mostBytes) {
    NavigableMap<Long, long[]> byCount = new TreeMap<>(Collections.reverseOrder());
    int orders = learned.kept().size();
    long most = 0;
    for (int i = 0; i < orders; i++) {
      KeptNgrams ngrams = learned.kept().get(i);
      most += ngrams.size();
      for (int ngram = 0; ngram < ngrams.size(); ngram++) {
        byCount.computeIfAbsent(ngrams.count(ngram), count -> new long[orders])[i]++;
      }
    }
    long step = Math.max(1, most / PRECISION);
    Packed best =
        new PackedNgrams(learned).pack(Choice.of(byCount, orders, most), Integer.MAX_VALUE);
    long fits = 0;
    long tooMany = most + 1;
    if (best.bytes().length <= mostBytes) {
      return best;
    }
    best = new PackedNgrams(learned).pack(Choice.of(byCount, orders, 0), Integer.MAX_VALUE);
    while (tooMany - fits > step) {
      long middle = (fits + tooMany) / 2;
      Packed packed = new PackedNgrams(learned).pack(Choice.of(byCount, orders, middle), mostBytes);
      if (packed.bytes().length <= mostBytes) {
        fits = middle;
        best = packed;
      } else {
        tooMany = middle;
      }
    }
    return best;
  }

  /**
   * Which n-grams are kept: all that occur more than {@code leastCount} times, and of those that
   * occur as often the first ones of each order.
   *
   * @param ofLeast how many, by order from 2
   */
  private record Choice(long leastCount, long[] ofLeast) {
    static Choice of(NavigableMap<Long, long[]> byCount, int orders, long ngrams) {
      long left = ngrams;
      for (var entry : byCount.entrySet()) {
        long all = Arrays.stream(entry.getValue()).sum();
        if (all > left) {
          long[] first = new long[orders];
          for (int i = 0; i < orders; i++) {
            first[i] = Math.min(left, entry.getValue()[i]);
            left -= first[i];
          }
          return new Choice(entry.getKey(), first);
        }
        left -= all;
      }
      return new Choice(0, new long[orders]);
    }
  }

  /** Ends early with too many bytes where there are more than {@code enough}. */
  private Packed pack(Choice choice, int enough) {
    number(shape.order());
    number(shape.idBound());
    number(shape.endOfDocument() + 1L);
    ByteBuffer discounts =
        ByteBuffer.allocate(3 * Double.BYTES * shape.order()).order(ByteOrder.LITTLE_ENDIAN);
    learned.orders().forEach(order -> order.discounts().forEach(discounts::putDouble));
    out.writeBytes(discounts.array());
    for (long adjusted : learned.unigramAdjusted()) {
      number(adjusted);
    }
    keptByOrder.add(shape.symbols());
    boolean[] histories = new boolean[shape.symbols()];
    Arrays.fill(histories, true);
    for (int order = 2; order <= shape.order() && out.size() <= enough; order++) {
      histories = pack(order, choice, histories);
    }
    List<Integer> all = learned.model().levels().stream().map(level -> level.ids().length).toList();
    return new Packed(out.toByteArray(), List.copyOf(keptByOrder), all);
  }

  /** Returns which n-grams of the order are kept. */
  private boolean[] pack(int order, Choice choice, boolean[] histories) {
    KeptNgrams ngrams = learned.kept().get(order - 2);
    int[] firstChild = learned.model().levels().get(order - 2).firstChild();
    boolean[] keeps = new boolean[ngrams.size()];
    long ofLeast = choice.ofLeast()[order - 2];
    int kept = 0;
    for (int ngram = 0; ngram < keeps.length; ngram++) {
      long count = ngrams.count(ngram);
      keeps[ngram] = count > choice.leastCount() || count == choice.leastCount() && ofLeast-- > 0;
      kept += keeps[ngram] ? 1 : 0;
    }
    keptByOrder.add(kept);
    for (int history = 0; history < histories.length; history++) {
      if (histories[history]) {
        long continuations = 0;
        long cut = learned.cut().get(order - 2)[history];
        for (int ngram = firstChild[history]; ngram < firstChild[history + 1]; ngram++) {
          continuations += keeps[ngram] ? 1 : 0;
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
          last = ngrams.last(ngram);
        }
      }
    }
    return keeps;
  }

  private void number(long value) {
    try {
      BytesUtils.writeUnsignedVarLong(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The model of packed bytes.
   *
   * @param name how errors call the file
   * @throws LearnException when the bytes are no packed model
   */
  public static NgramModel read(byte[] packed, String name) {
    try {
      return new Reader(packed).read();
    } catch (IOException | RuntimeException e) {
      throw new LearnException(
          name
              + " is no packed n-gram model, or is damaged; run the job again to make it anew: "
              + e,
          e);
    }
  }

  private static final class Reader {
    private final ByteArrayInputStream in;

    Reader(byte[] packed) {
      in = new ByteArrayInputStream(packed);
    }

    NgramModel read() throws IOException {
      NgramShape shape = new NgramShape(size(), size(), size() - 1);
      ByteBuffer doubles = ByteBuffer.wrap(bytes(3 * Double.BYTES * shape.order()));
      doubles.order(ByteOrder.LITTLE_ENDIAN);
      List<Discounts> discounts = new ArrayList<>();
      for (int order = 1; order <= shape.order(); order++) {
        discounts.add(
            new Discounts(doubles.getDouble(), doubles.getDouble(), doubles.getDouble(), true));
      }
      if (shape.symbols() > in.available()) {
        throw new EOFException("it has fewer bytes than ids");
      }
      long[] unigrams = new long[shape.symbols()];
      for (int symbol = 0; symbol < unigrams.length; symbol++) {
        unigrams[symbol] = number();
      }
      List<KeptNgrams> kept = new ArrayList<>();
      List<long[]> cuts = new ArrayList<>();
      for (int order = 2; order <= shape.order(); order++) {
        kept.add(ngrams(order, shape, kept, cuts));
      }
      NgramEstimator estimator = new NgramEstimator(shape, unigrams, kept);
      for (int order = 1; order <= shape.order(); order++) {
        if (order < shape.order()) {
          System.arraycopy(
              cuts.get(order - 1),
              0,
              estimator.cut().get(order - 1),
              0,
              cuts.get(order - 1).length);
        }
        estimator.estimate(order, discounts.get(order - 1));
      }
      return estimator.model();
    }

    private KeptNgrams ngrams(int order, NgramShape shape, List<KeptNgrams> kept, List<long[]> cuts)
        throws IOException {
      int[] above = order == 2 ? new int[0] : kept.get(order - 3).symbols();
      int histories = order == 2 ? shape.symbols() : kept.get(order - 3).size();
      int[] continuations = new int[histories];
      long[] cut = new long[histories];
      for (int history = 0; history < histories; history++) {
        long value = number();
        continuations[history] = Math.toIntExact(value >>> 1);
        cut[history] = (value & 1) == 0 ? 0 : number();
      }
      cuts.add(cut);
      KeptNgrams ngrams = new KeptNgrams(order);
      int[] reversed = new int[order];
      for (int history = 0; history < histories; history++) {
        for (int i = 1; i < order; i++) {
          reversed[i] = order == 2 ? history : above[(history + 1) * (order - 1) - i];
        }
        int last = -1;
        for (int i = 0; i < continuations[history]; i++) {
          long value = number();
          last = Math.toIntExact(Math.addExact(last, value >>> 1));
          if (last >= shape.symbols()) {
            throw new LearnException("the id " + last + " is none");
          }
          reversed[0] = last;
          ngrams.add(reversed, 0, (value & 1) == 0 ? 1 : number());
        }
      }
      return ngrams;
    }

    private long number() throws IOException {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
        int b = in.read();
        if (b < 0) {
          throw new EOFException("it ends too early");
        }
        value |= (b & 0x7FL) << shift;
        if (b < 0x80) {
          return value;
        }
      }
      throw new EOFException("a number has too many bytes");
    }

    private int size() throws IOException {
      return Math.toIntExact(number());
    }

    private byte[] bytes(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("it ends within the discounts");
      }
      return bytes;
    }
  }
}
