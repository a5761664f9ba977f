package org.merganser.bpe.parity;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.CountHistogram;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.KeptCounts;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.PairTable;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;

/**
 * Learns merges from pretoken counts by group, so that no group, such as a language, needs many
 * more tokens than the others: parity-aware BPE (Foroutan, Meister and others, arXiv 2508.04796),
 * with the merges of HF's {@code models/bpe/parity_trainer.rs}.
 *
 * <p>Every step chooses the neediest group ({@link NeediestGroup}), then its most frequent pair,
 * and merges it in the pretokens of all groups. Of equally frequent pairs it takes the one with the
 * larger left token, as text in the byte-level form, then the larger right one; plain BPE orders
 * them differently. A group is exhausted when its best pair is rarer than the settings require.
 * Training ends when the vocabulary is full or all groups are exhausted.
 *
 * <p>A group's tokens are counted in the learned pretokens, or in those of a development text,
 * which all merges encode but which is not learned from.
 *
 * <p>Cost: the time of plain training plus, for each merge, time in proportion to its places and
 * their groups; 8 more bytes a group for each pair that is kept.
 *
 * @param settings of the vocabulary, as in plain training
 * @param parity how a merge chooses its group
 * @param keep the number of pairs to keep, which changes time and memory but never the result
 */
public record ParityTrainer(
    TrainerSettings settings, ParitySettings parity, MergeLearner.Keep keep) {

  /** A source of counts by group. */
  @FunctionalInterface
  public interface GroupedSource {
    /** Visits each pretoken once, with the counts of all its groups, in any order. */
    void forEach(GroupedCounts.Visitor visitor);
  }

  /**
   * What was learned. Figures by group are in the order of the groups' numbers.
   *
   * @param trained the complete vocabulary and all merges
   * @param kept what was kept and left out; the count of a pretoken is the sum of all groups
   * @param bytes of each group in the learned pretokens, which are its tokens before the first
   *     merge
   * @param tokens of each group in the learned pretokens after the last merge
   * @param mergesByGroup the merges that each group chose, then the global ones, which none chose
   */
  public record Result(
      TrainedBpe trained, KeptCounts kept, long[] bytes, long[] tokens, long[] mergesByGroup) {}

  /**
   * Learns until the vocabulary is full or no group has a pair left.
   *
   * @param counts is read twice
   * @param development a text of the same groups to measure, none of which is left out for its
   *     count; null measures the learned text
   * @param bound what is left out, and the memory that the rest must fit
   * @param progress receives the number of merges learned so far, repeatedly and at the end
   * @return the vocabulary with its merges, and figures by group
   * @throws TrainingBound.ExceededException if the pretokens do not fit the bound
   * @throws ArithmeticException if the corpus has more bytes than a long counts
   * @throws IllegalStateException if the distinct pretokens exceed what arrays can hold
   */
  public Result train(
      GroupedSource counts,
      @Nullable GroupedSource development,
      TrainingBound bound,
      IntConsumer progress) {
    CountHistogram histogram = new CountHistogram(bound.minimumCount());
    counts.forEach(totals(histogram));
    KeptCounts kept = histogram.requireFit(withoutPairs(bound), settings.vocabSize());
    GroupedSymbolLoader.Words words = loadWords(counts, development, kept.minimumCount());
    GrowingVocabulary vocabulary = new GrowingVocabulary();
    BpeTrainer.toFirstSymbols(words.symbols(), vocabulary, settings);
    GroupTokens tokens = new GroupTokens(words.startingTokens(), development != null);
    long[] bytes = tokens.learned();
    PairTable pairs = new PairTable();
    ParityOrder order =
        new ParityOrder(parity, words, tokens, vocabulary, pairs, settings.minFrequency());
    // As in HF's trainer, words stay as merged when a merge produces an existing token.
    Consumer<int[]> encodeAgain = merges -> {};
    MergeLearner learner =
        new MergeLearner(
            vocabulary,
            words.symbols(),
            vocabulary.lengths(),
            pairs,
            order,
            vocabulary.shorterThan(settings.maxTokenLength()),
            encodeAgain);
    TrainedBpe trained = learner.learn(settings.vocabSize(), keep, progress);
    return new Result(trained, kept, bytes, tokens.learned(), order.mergesByGroup());
  }

  /** Reads the words to learn from, and those of the development text. */
  private GroupedSymbolLoader.Words loadWords(
      GroupedSource counts, @Nullable GroupedSource development, long minimumCount) {
    GroupedSymbolLoader loader = new GroupedSymbolLoader(parity.groups(), minimumCount);
    counts.forEach(loader::learn);
    if (development != null) {
      development.forEach(loader::measure);
    }
    return loader.layOut();
  }

  /**
   * The bound minus an estimate of the memory for the counts by group, which are 8 bytes a pair in
   * each column of {@link ParityOrder}. Pairs are dropped when there are twice as many as {@link
   * #keep} has; the pairs for each merge count twice more, as {@link ParityOrder#retain} keeps
   * twice an equal share for each group.
   */
  private TrainingBound withoutPairs(TrainingBound bound) {
    long pairs = 2L * keep.pairs() + 4L * keep.pairsAMerge() * settings.vocabSize();
    long bytes = Math.multiplyExact((long) Long.BYTES * (parity.groups() + 1), pairs);
    return new TrainingBound(bound.minimumCount(), bound.maxBytes() - bytes);
  }

  /** Visits each pretoken with the sum of its groups' counts. */
  private static GroupedCounts.Visitor totals(PretokenCounts.Visitor visitor) {
    return (bytes, from, to, groups, counts, n) -> {
      long total = 0;
      for (int i = 0; i < n; i++) {
        total = Math.addExact(total, counts[i]);
      }
      visitor.visit(bytes, from, to, total);
    };
  }
}
