package org.merganser.bpe.train;

import java.util.List;
import java.util.function.IntConsumer;
import org.merganser.bpe.count.PretokenCounts;

/**
 * Learns merges from pretoken counts, in HF's order: vocabulary and merges equal those of HF's
 * {@code models/bpe/trainer.rs} wherever HF's trainer neither overflows nor depends on hash order.
 *
 * <p>The steps: {@link PretokenSymbols} takes the pretokens in, {@link GrowingVocabulary} gives
 * special tokens and alphabet their ids, {@link FirstPairs} counts the first pairs, and {@link
 * MergeLearner} merges, with a {@link MergeQueue}, a {@link PairTable} and {@link OccurrenceLists}.
 * Counts are longs with checked sums, where HF's wrap above 2<sup>31</sup>. The result does not
 * depend on the order of the source.
 *
 * <p>Cost: about 50 to 100 bytes of memory a distinct pretoken, growing with its length ({@link
 * TrainingBound#estimateBytes}). A merge costs as much as there are places at which its pair arose,
 * however long the pretokens are. Two threads are not faster: nine in ten merges have lists of at
 * most 512 places, too short to share.
 */
public final class BpeTrainer {

  /** Where the counts come from: a table, or packed blocks read one after the other. */
  @FunctionalInterface
  public interface CountSource {
    /** Visits each pretoken once; in any order, since none changes the result. */
    void forEach(PretokenCounts.Visitor visitor);
  }

  private final TrainerSettings settings;
  private final MergeLearner.Keep keep;
  private final StartingPoint start;

  public BpeTrainer(TrainerSettings settings) {
    this(settings, MergeLearner.Keep.DEFAULT);
  }

  /** How many pairs are kept changes time and memory, never the result. */
  BpeTrainer(TrainerSettings settings, MergeLearner.Keep keep) {
    this(settings, keep, StartingPoint.NONE);
  }

  private BpeTrainer(TrainerSettings settings, MergeLearner.Keep keep, StartingPoint start) {
    this.settings = settings;
    this.keep = keep;
    this.start = start;
  }

  /**
   * A trainer that goes on from a vocabulary: its tokens keep their ids, its merges their ranks,
   * and new ones follow. Pretokens are first encoded with the existing merges. Then each merge is
   * that of the most frequent pair of the corpus <em>as encoded with all merges so far</em>; so
   * training to 8,000 and going on to 16,000 gives what training to 16,000 gives. Special tokens
   * and alphabet of the settings that the vocabulary lacks get the first new ids.
   *
   * @param tokens the vocabulary by id, byte-level form, added tokens included so that no new token
   *     gets their ids
   * @param merges pairs of ids by rank, as in {@link TrainedBpe}
   * @throws IllegalArgumentException naming a token that occurs twice, or a merge whose parts or
   *     result are not tokens
   */
  public static BpeTrainer continueFrom(
      List<String> tokens, int[] merges, TrainerSettings settings) {
    return new BpeTrainer(
        settings,
        MergeLearner.Keep.DEFAULT,
        new StartingPoint(new TrainedBpe(List.copyOf(tokens), merges.clone())));
  }

  /**
   * Learns until the vocabulary is full, no pair is left or the best pair is too rare.
   *
   * @param counts is read twice and must give the same both times
   * @param progress receives how many merges have been learned, now and then and at the end
   * @return the whole vocabulary and all merges, existing ones included, and what was left out
   * @throws TrainingBound.ExceededException when the pretokens do not fit the bound
   * @throws ArithmeticException when the corpus has more bytes than a long counts
   * @throws IllegalArgumentException for a count below 1, or where the character of a byte gets an
   *     id of 16,777,214 or more (too many special tokens before it)
   * @throws IllegalStateException when the distinct pretokens are more than the arrays can hold,
   *     about 100 million, or the counts differ between the two readings
   */
  public TrainingBound.Result train(CountSource counts, TrainingBound bound, IntConsumer progress) {
    PretokenSymbolLoader.Bounded bounded =
        PretokenSymbolLoader.load(counts, bound, settings.vocabSize(), 1);
    PretokenSymbols words = bounded.words();
    GrowingVocabulary vocabulary = new GrowingVocabulary();
    start.addTokens(vocabulary);
    toSymbols(words, vocabulary, settings);
    start.encode(words, vocabulary, new int[0]);
    PairTable pairs = new PairTable();
    MergeLearner learner =
        new MergeLearner(
            vocabulary,
            words,
            vocabulary.lengths(),
            pairs,
            new MergeQueue(pairs, settings.minFrequency()),
            vocabulary.shorterThan(settings.maxTokenLength()),
            merges -> start.encode(words, vocabulary, merges));
    TrainedBpe learned = learner.learn(settings.vocabSize(), keep, progress);
    return new TrainingBound.Result(start.before(learned), bounded.cut());
  }

  /** Adds special tokens and alphabet, and makes the bytes of all words their ids. */
  public static void toSymbols(
      PretokenSymbols words, GrowingVocabulary vocabulary, TrainerSettings settings) {
    vocabulary.addSpecialsAndAlphabet(settings, words.bytesSeen());
    int[] byteIds = vocabulary.byteIds();
    for (int b = 0; b < byteIds.length; b++) {
      if (byteIds[b] >= PretokenSymbols.MAX_IDS) {
        throw new IllegalArgumentException(
            "trainer: the character of byte 0x%02X has id %d; at most %d is possible. Give fewer special tokens and add the rest after training"
                .formatted(b, byteIds[b], PretokenSymbols.MAX_IDS - 1));
      }
    }
    words.toSymbols(byteIds);
  }
}
