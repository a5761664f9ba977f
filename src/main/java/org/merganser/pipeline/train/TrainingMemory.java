package org.merganser.pipeline.train;

import org.merganser.bpe.train.CountHistogram;
import org.merganser.bpe.train.KeptCounts;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.job.TrainSection;
import org.merganser.message.Phrase;
import org.merganser.pipeline.output.RunException;

/**
 * The memory that a training may use on this worker, as a {@link TrainingBound}; {@link
 * CountHistogram#requireFit} compares it with what the training needs. A training that does not fit
 * fails, and the message has the minimum count with which it fits: the job alone decides what is
 * left out, so the vocabulary never depends on the heap.
 */
final class TrainingMemory {
  /** The share of the free heap that training uses; the rest is for building the tokenizer. */
  private static final double SHARE = 0.8;

  /** Up to this estimate in bytes, the words surely fit into one array of cells. */
  private static final long ARRAY_LIMIT = 9_500_000_000L;

  /**
   * The heap that a message names is larger than estimated by this factor, because the part of it
   * that is free before the training differs a little between runs.
   */
  private static final double MARGIN = 1.05;

  private static final int MIB = 1 << 20;

  private TrainingMemory() {}

  /**
   * The bound of this JVM: the minimum count of the job, and four fifths of the heap that is free
   * now. Everything that is needed during the training must be in memory already.
   */
  static TrainingBound bound(TrainSection train) {
    long free = freeHeap();
    boolean mayHaveMuchGarbage = free < (Runtime.getRuntime().maxMemory() / 4) * 3;
    if (mayHaveMuchGarbage) {
      System.gc(); // garbage of the stages before counts as used until then
      free = freeHeap();
    }
    return new TrainingBound(
        train.minPretokenCount(), Math.min(ARRAY_LIMIT, (long) (SHARE * free)));
  }

  /** The bytes that the heap can still take, as it may grow to its maximum. */
  private static long freeHeap() {
    Runtime heap = Runtime.getRuntime();
    return heap.maxMemory() - (heap.totalMemory() - heap.freeMemory());
  }

  /** The failure of a training that does not fit, with what the user can do. */
  static RunException exceeded(TrainingBound.ExceededException e) {
    long heap = Runtime.getRuntime().maxMemory();
    double missing = (e.neededBytes - e.maxBytes) / SHARE;
    long enough = (long) (MARGIN * (heap + missing));
    long enoughMib = enough / MIB + 1;
    return RunException.of(
            "tokenizer.train: learning the merges needs up to %,.1f MB of memory, and %,.1f MB of a"
                + " heap of %,.1f MB are free for it. Nothing is left out unless the job says so."
                + " Either increase the heap, MERGANSER_OPTS=-Xmx%dm (on a cluster, of its workers;"
                + " a training holds at most 9.5 GB); or learn from less text (maxBytes) or fewer"
                + " ids (vocabSize); %s. What was counted is kept, and the next run begins here",
            e.neededBytes / 1e6,
            Math.max(0, e.maxBytes) / 1e6,
            heap / 1e6,
            enoughMib,
            fittingCount(e.fitting))
        .causedBy(e);
  }

  /**
   * A phrase about the minimum count of pretokens with which the training fits.
   *
   * @param fitting what that count leaves out and keeps; it keeps nothing if no count is enough
   */
  private static String fittingCount(KeptCounts fitting) {
    return fitting.keptDistinct() == 0
        ? "no tokenizer.train.minPretokenCount is enough"
        : Phrase.of(
            "or write tokenizer.train.minPretokenCount: %d into the job, which leaves out %s",
            fitting.minimumCount(), TrainingFigures.leftOut(fitting, "distinct pretokens"));
  }
}
