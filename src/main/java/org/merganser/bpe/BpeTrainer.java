package org.merganser.bpe;

/**
 * Learns merges from pretoken counts, in HF's order: vocabulary and merges equal those of HF's
 * {@code models/bpe/trainer.rs} wherever that one neither overflows nor depends on hash order.
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
    void forEach(PretokenCounts.Visitor visitor);
  }

  public BpeTrainer(TrainerSettings settings) {}

  /** Learns until the vocabulary is full, no pair is left or the best pair is too rare. */
  public TrainedBpe train(CountSource counts, Progress progress) {
    throw new UnsupportedOperationException("interface only");
  }
}
