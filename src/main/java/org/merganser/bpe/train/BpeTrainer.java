package org.merganser.bpe.train;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.merganser.bpe.count.PretokenCounts;

/**
 * Learns merges from pretoken counts, in HF's order: vocabulary and merges equal those of HF's
 * {@code models/bpe/trainer.rs} unless HF's trainer overflows or depends on hash order. Counts are
 * longs with checked sums; HF's wrap above 2<sup>31</sup>. The result does not depend on the order
 * of the source.
 *
 * <p>Cost: about 50 to 100 bytes of memory a distinct pretoken, growing with its length ({@link
 * TrainingBound#estimateBytes}). A merge costs time in proportion to the places where its pair
 * arose. Two threads are not faster: nine in ten merges have at most 512 places, too few to share.
 *
 * <p>Training can continue from an existing vocabulary. Its tokens keep their ids, its merges their
 * ranks, and new ones follow. Pretokens are first encoded with the existing merges. Then each merge
 * is the most frequent pair of the corpus <em>as encoded with all merges so far</em>. So training
 * to 8,000 and continuing to 16,000 equals training to 16,000. Special tokens and alphabet of the
 * settings that the vocabulary lacks receive the first new ids.
 *
 * @param settings of the vocabulary
 * @param keep the number of pairs to keep, which changes time and memory but never the result
 * @param existing the vocabulary from which training continues, with added tokens so that their ids
 *     are not reused; {@link TrainedBpe#NONE} for none
 */
public record BpeTrainer(TrainerSettings settings, MergeLearner.Keep keep, TrainedBpe existing) {

  /** A source of counts: a table, or packed blocks read in sequence. */
  @FunctionalInterface
  public interface CountSource {
    /** Visits each pretoken once, in any order. */
    void forEach(PretokenCounts.Visitor visitor);
  }

  /** A trainer that starts from nothing and keeps the default number of pairs. */
  public BpeTrainer(TrainerSettings settings) {
    this(settings, MergeLearner.Keep.DEFAULT, TrainedBpe.NONE);
  }

  /**
   * Learns until the vocabulary is full, no pair is left or the best pair is too rare.
   *
   * @param counts is read twice and must be the same both times
   * @param bound what is left out, and the memory that the rest must fit
   * @param progress receives the number of merges learned so far, repeatedly and at the end
   * @return the complete vocabulary and all merges, with the existing ones, and what was left out
   * @throws TrainingBound.ExceededException if the pretokens do not fit the bound
   * @throws ArithmeticException if the corpus has more bytes than a long counts
   * @throws IllegalArgumentException for a count below 1; for a character of a byte whose id would
   *     exceed what {@link PretokenSymbols} holds (too many special tokens before it); or naming an
   *     existing token that occurs twice, or an existing merge whose parts or result are not tokens
   * @throws IllegalStateException if the distinct pretokens or the places of pairs exceed what
   *     arrays can hold (about 100 million pretokens), the tokens exceed what {@link
   *     PretokenSymbols} holds, or the counts differ between the two readings
   */
  public TrainingResult train(CountSource counts, TrainingBound bound, IntConsumer progress) {
    int symbolBytes = 1;
    PretokenSymbolLoader.Loaded loaded =
        PretokenSymbolLoader.load(counts, bound, settings.vocabSize(), symbolBytes);
    PretokenSymbols words = loaded.words();
    GrowingVocabulary vocabulary = new GrowingVocabulary();
    StartingPoint start = new StartingPoint(existing);
    start.addTokens(vocabulary);
    toFirstSymbols(words, vocabulary, settings);
    int[] noneLearned = {};
    start.encode(words, vocabulary, noneLearned);
    Consumer<int[]> encodeAgain = merges -> start.encode(words, vocabulary, merges);
    PairTable pairs = new PairTable();
    MergeLearner learner =
        new MergeLearner(
            vocabulary,
            words,
            vocabulary.lengths(),
            pairs,
            new MergeQueue(pairs, settings.minFrequency()),
            vocabulary.shorterThan(settings.maxTokenLength()),
            encodeAgain);
    TrainedBpe learned = learner.learn(settings.vocabSize(), keep, progress);
    return new TrainingResult(learned.after(existing), loaded.kept());
  }

  /**
   * The first symbols of a training: adds special tokens and alphabet to the vocabulary, and
   * replaces the bytes of all words with the ids of their characters.
   *
   * @throws IllegalArgumentException for an id that exceeds what {@link PretokenSymbols} holds
   */
  public static void toFirstSymbols(
      PretokenSymbols words, GrowingVocabulary vocabulary, TrainerSettings settings) {
    vocabulary.addSpecialsAndAlphabet(settings, words.bytesSeen());
    int[] byteIds = vocabulary.byteIds();
    for (int b = 0; b < byteIds.length; b++) {
      if (byteIds[b] >= PretokenSymbols.MAX_IDS) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "trainer: the character of byte 0x%02X has id %d; at most %d is possible. Give"
                    + " fewer special tokens and add the rest after training",
                b,
                byteIds[b],
                PretokenSymbols.MAX_IDS - 1));
      }
    }
    words.toSymbols(byteIds);
  }
}
