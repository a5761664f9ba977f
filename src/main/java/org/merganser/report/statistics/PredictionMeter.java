package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.learn.SplitMix64;
import org.merganser.learn.ngram.CrossEntropy;
import org.merganser.learn.ngram.NgramFigures;
import org.merganser.learn.ngram.NgramLearner;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.Sentences;
import org.merganser.report.measure.TextPieces;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * Makes {@link Prediction}: n-gram models over letters, words and tokens, on bounded text.
 *
 * <p>Texts are cut at sentence ends into stretches of at least 4 KiB, each a document to the
 * models. Without documents for validation, one stretch in ten is held out, by a generator over
 * their numbers. A letter or word that occurs once is the symbol for unknown ones. Every model pays
 * for the whole text: an unknown letter costs the symbol and 8 bits a byte, an unknown word the
 * symbol and its letters by the model of letters.
 *
 * <p>For one thread. The models take some 100 bytes a byte of training text.
 */
public final class PredictionMeter {
  /** Enough text to learn from, and to predict. */
  public static final long TRAINING_BYTES = 1 << 20;

  public static final long HELD_OUT_BYTES = 1 << 17;

  private static final int STRETCH = 4096;
  private static final int HELD_OUT_OF = 10;
  private static final int UNKNOWN = 0;

  private final int order;
  private final boolean validation;
  private final List<String> training = new ArrayList<>();
  private final List<String> heldOut = new ArrayList<>();
  private long trainingBytes;
  private long heldOutBytes;
  private long numbered;

  /**
   * @param order of the models
   * @param validation whether {@link #validation} will be given documents
   */
  public PredictionMeter(int order, boolean validation) {
    this.order = order;
    this.validation = validation;
  }

  /** Takes a text to learn from, well-formed UTF-8; of a run without validation, to predict too. */
  public void training(byte[] text) {
    Sentences.stretches(
        text,
        0,
        text.length,
        STRETCH,
        (from, to) -> {
          String stretch = new String(text, from, to - from, StandardCharsets.UTF_8);
          boolean isHeldOut =
              !validation
                  && Long.remainderUnsigned(new SplitMix64(numbered++).nextLong(), HELD_OUT_OF)
                      == 0;
          if (isHeldOut) {
            hold(stretch);
          } else if (trainingBytes < TRAINING_BYTES) {
            training.add(stretch);
            trainingBytes += length(stretch);
          }
        });
  }

  /** Takes a text to predict, well-formed UTF-8. */
  public void validation(byte[] text) {
    Sentences.stretches(
        text,
        0,
        text.length,
        STRETCH,
        (from, to) -> hold(new String(text, from, to - from, StandardCharsets.UTF_8)));
  }

  private void hold(String stretch) {
    if (heldOutBytes < HELD_OUT_BYTES) {
      heldOut.add(stretch);
      heldOutBytes += length(stretch);
    }
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * The figures; null where there is no text for them.
   *
   * @param sizes of the run's vocabulary that are compared, those without {@code rare} left out
   * @param references other tokenizers by their name
   * @throws org.merganser.tokenizer.UnencodableException when a reference lacks a character
   */
  @Nullable Prediction result(
      Tokenizer own, List<SizeCurve.Point> sizes, Map<String, Tokenizer> references) {
    if (trainingBytes == 0 || heldOutBytes == 0) {
      return null;
    }
    List<Prediction.Way> ways = new ArrayList<>();
    Letters letters = new Letters();
    ways.add(letters.way());
    BitSet ids = new BitSet();
    VocabularyAnalysis.idsOf(own).forEach(ids::set);
    MergeSteps steps = new MergeSteps(own.model());
    List<int[]> ownTraining = encoded(own, training);
    List<int[]> ownHeldOut = encoded(own, heldOut);
    for (SizeCurve.Point point : sizes) {
      boolean isWhole = point.merges() == own.model().mergeCount();
      if (isWhole || point.rare() != null) {
        Smaller smaller = new Smaller(own.model(), steps, ids, point.merges());
        ways.add(
            way(
                isWhole ? "run" : "size",
                "",
                smaller.vocabulary,
                smaller.vocabulary,
                ownTraining.stream().map(smaller::of).toList(),
                ownHeldOut.stream().map(smaller::of).toList(),
                new double[heldOut.size()]));
      }
    }
    references.forEach(
        (name, tokenizer) ->
            ways.add(
                way(
                    "reference",
                    name,
                    (int) VocabularyAnalysis.idsOf(tokenizer).count(),
                    tokenizer.idBound(),
                    encoded(tokenizer, training),
                    encoded(tokenizer, heldOut),
                    new double[heldOut.size()])));
    ways.add(words(letters));
    return new Prediction(
        order, trainingBytes, heldOutBytes, validation ? "validation" : "stretches", ways);
  }

  private static List<int[]> encoded(Tokenizer tokenizer, List<String> texts) {
    Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
    List<int[]> all = new ArrayList<>();
    for (String text : texts) {
      IdBuffer ids = new IdBuffer(1024);
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      encoder.encode(utf8, 0, utf8.length, ids);
      all.add(ids.toArray());
    }
    return all;
  }

  /**
   * @param symbols that a token may have as its number
   * @param more bits of each held-out stretch that the model does not account for
   */
  private Prediction.Way way(
      String kind,
      String name,
      int vocabulary,
      int symbols,
      List<int[]> learned,
      List<int[]> predicted,
      double[] more) {
    NgramModel model = NgramLearner.ofDocuments(learned, order, symbols);
    double[] bits = new double[predicted.size()];
    long[] bytes = new long[bits.length];
    long all = 0;
    for (int i = 0; i < bits.length; i++) {
      bytes[i] = length(heldOut.get(i));
      bits[i] = bits(model, predicted.get(i)) + more[i];
      all += predicted.get(i).length + 1;
    }
    double sum = Arrays.stream(bits).sum();
    return new Prediction.Way(
        kind,
        name,
        vocabulary,
        all,
        RoundedFractions.of(sum / heldOutBytes),
        error(bits, bytes, sum / heldOutBytes),
        RoundedFractions.of(StrictMath.pow(2, sum / all)));
  }

  private static double bits(NgramModel model, int[] symbols) {
    CrossEntropy entropy = new CrossEntropy(model, (ids, count) -> 1);
    entropy.begin("");
    entropy.ids(symbols, symbols.length);
    entropy.end();
    NgramFigures.Validation figures = entropy.figures();
    return figures == null ? 0 : figures.bits();
  }

  /** The error of a quotient of two sums over stretches. */
  private @Nullable BigDecimal error(double[] bits, long[] bytes, double ratio) {
    int n = bits.length;
    if (n < 5) {
      return null;
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double off = bits[i] - ratio * bytes[i];
      squares += off * off;
    }
    double deviation = Math.sqrt(squares * n / (n - 1)) / heldOutBytes;
    return RoundedFractions.of(SampleError.studentT(n - 1) * deviation);
  }

  /** Tokens as they are with only the first merges, numbered without gaps. */
  private static final class Smaller {
    private final BpeModel model;
    private final MergeSteps steps;
    private final int merges;
    private final int[] number;
    private final int vocabulary;

    Smaller(BpeModel model, MergeSteps steps, BitSet ids, int merges) {
      this.model = model;
      this.steps = steps;
      this.merges = merges;
      this.number = new int[ids.length()];
      int next = 0;
      for (int id = ids.nextSetBit(0); id >= 0; id = ids.nextSetBit(id + 1)) {
        if (steps.madeAt(id) < merges) {
          number[id] = next++;
        }
      }
      this.vocabulary = next;
    }

    int[] of(int[] ids) {
      IdBuffer out = new IdBuffer(ids.length);
      IdBuffer open = new IdBuffer(64);
      for (int id : ids) {
        open.add(id);
        while (open.size() > 0) {
          int last = open.ids()[open.size() - 1];
          open.setSize(open.size() - 1);
          int rank = steps.madeAt(last);
          if (rank < merges) {
            out.add(number[last]);
          } else {
            open.add(model.mergeRight(rank));
            open.add(model.mergeLeft(rank));
          }
        }
      }
      return out.toArray();
    }
  }

  /** The numbers of what occurs at least twice in the training text; all else is unknown. */
  private static Map<String, Integer> numbers(List<List<String>> texts) {
    Map<String, Integer> counts = new HashMap<>();
    texts.forEach(text -> text.forEach(piece -> counts.merge(piece, 1, Integer::sum)));
    Map<String, Integer> numbers = new HashMap<>();
    for (List<String> text : texts) {
      for (String piece : text) {
        if (counts.getOrDefault(piece, 0) > 1) {
          numbers.putIfAbsent(piece, numbers.size() + 1);
        }
      }
    }
    return numbers;
  }

  private static int[] numbered(List<String> pieces, Map<String, Integer> numbers) {
    return pieces.stream().mapToInt(piece -> numbers.getOrDefault(piece, UNKNOWN)).toArray();
  }

  /** The model of letters. */
  private final class Letters {
    private final Map<String, Integer> numbers;
    private final NgramModel model;

    Letters() {
      List<List<String>> texts = training.stream().map(Letters::of).toList();
      numbers = numbers(texts);
      model =
          NgramLearner.ofDocuments(
              texts.stream().map(text -> numbered(text, numbers)).toList(),
              order,
              numbers.size() + 1);
    }

    static List<String> of(String text) {
      return text.codePoints().mapToObj(Character::toString).toList();
    }

    /** The bits of letters that have no number of their own. */
    private double unknownBits(List<String> text) {
      return text.stream()
          .filter(letter -> !numbers.containsKey(letter))
          .mapToInt(letter -> 8 * length(letter))
          .sum();
    }

    /** The bits of a word, spelled in letters. */
    double bits(String word) {
      List<String> text = of(word);
      return PredictionMeter.bits(model, numbered(text, numbers)) + unknownBits(text);
    }

    Prediction.Way way() {
      List<List<String>> texts = heldOut.stream().map(Letters::of).toList();
      return PredictionMeter.this.way(
          "letters",
          "",
          numbers.size() + 1,
          numbers.size() + 1,
          training.stream().map(text -> numbered(of(text), numbers)).toList(),
          texts.stream().map(text -> numbered(text, numbers)).toList(),
          texts.stream().mapToDouble(this::unknownBits).toArray());
    }
  }

  private Prediction.Way words(Letters letters) {
    List<List<String>> texts = training.stream().map(PredictionMeter::pieces).toList();
    Map<String, Integer> numbers = numbers(texts);
    List<List<String>> others = heldOut.stream().map(PredictionMeter::pieces).toList();
    double[] spelled = new double[others.size()];
    for (int i = 0; i < spelled.length; i++) {
      for (String piece : others.get(i)) {
        spelled[i] += numbers.containsKey(piece) ? 0 : letters.bits(piece);
      }
    }
    return way(
        "words",
        "",
        numbers.size() + 1,
        numbers.size() + 1,
        texts.stream().map(text -> numbered(text, numbers)).toList(),
        others.stream().map(text -> numbered(text, numbers)).toList(),
        spelled);
  }

  /** All of a text: words, each with a single space before it, signs, and other white space. */
  private static List<String> pieces(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<String> pieces = new ArrayList<>();
    int[] at = {0};
    TextPieces.split(
        utf8,
        0,
        utf8.length,
        (from, to, word) -> {
          int start = from;
          if (word && from - at[0] == 1 && utf8[at[0]] == ' ') {
            start = at[0];
          } else if (from > at[0]) {
            pieces.add(new String(utf8, at[0], from - at[0], StandardCharsets.UTF_8));
          }
          pieces.add(new String(utf8, start, to - start, StandardCharsets.UTF_8));
          at[0] = to;
        });
    if (at[0] < utf8.length) {
      pieces.add(new String(utf8, at[0], utf8.length - at[0], StandardCharsets.UTF_8));
    }
    return pieces;
  }
}
