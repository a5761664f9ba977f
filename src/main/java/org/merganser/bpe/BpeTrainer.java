package org.merganser.bpe;

/**
 * Learns merges from pretoken counts, in HF's order: vocabulary and merges equal those of HF's
 * {@code models/bpe/trainer.rs} wherever that one neither overflows nor depends on hash order.
 *
 * <p>The steps: {@link Words} takes the pretokens in, {@link GrowingVocabulary} gives special
 * tokens and alphabet their ids, {@link FirstPairs} counts the first pairs, and {@link
 * MergeLearner} merges, with a {@link MergeQueue}, a {@link PairTable} and {@link OccurrenceLists}.
 * Counts are longs with checked sums, where HF's wrap above 2<sup>31</sup>. The result does not
 * depend on the order of the source.
 *
 * <p>Cost: about 60 bytes of memory a distinct pretoken. A merge reads the words it occurs in from
 * end to end, so a corpus of pretokens that are megabytes long is slow.
 */
public final class BpeTrainer {

  /** Told of progress now and then; never changes the result. */
  @FunctionalInterface
  public interface Progress {
    void merges(int learned, int wanted);
  }

  /** Where the counts come from: a table, or packed blocks read one after the other. */
  @FunctionalInterface
  public interface CountSource {
    /** Visits each pretoken once; in any order, since none changes the result. */
    void forEach(PretokenCounts.Visitor visitor);
  }

  /** Ids that fit the one-cell form of {@link Words}. */
  private static final int MAX_FIRST_IDS = 0x8000;

  private final TrainerSettings settings;
  private final MergeLearner.Keep keep;
  private long peakBytes;

  public BpeTrainer(TrainerSettings settings) {
    this(settings, MergeLearner.Keep.DEFAULT);
  }

  /** How many pairs are kept changes time and memory, never the result. */
  BpeTrainer(TrainerSettings settings, MergeLearner.Keep keep) {
    this.settings = settings;
    this.keep = keep;
  }

  /**
   * Learns until the vocabulary is full, no pair is left or the best pair is too rare.
   *
   * @throws ArithmeticException when the corpus has more bytes than a long counts
   * @throws IllegalArgumentException for a count below 1, or more than 32,768 special tokens and
   *     characters
   */
  public TrainedBpe train(CountSource counts, Progress progress) {
    Words words = Words.load(counts);
    GrowingVocabulary vocabulary = new GrowingVocabulary();
    vocabulary.addSpecialsAndAlphabet(settings, words.bytesSeen());
    if (vocabulary.size() > MAX_FIRST_IDS) {
      throw new IllegalArgumentException(
          "trainer: "
              + vocabulary.size()
              + " special tokens and characters; at most "
              + MAX_FIRST_IDS
              + " are possible. Add the rest after training");
    }
    words.toSymbols(vocabulary.byteIds());
    MergeLearner learner = new MergeLearner(settings, vocabulary, words, keep);
    TrainedBpe trained = learner.learn(progress);
    peakBytes = learner.peakBytes();
    return trained;
  }

  /** Bytes of all arrays at their largest in the last run, for measuring. */
  long peakBytes() {
    return peakBytes;
  }
}
