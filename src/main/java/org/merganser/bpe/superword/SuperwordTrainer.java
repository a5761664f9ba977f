package org.merganser.bpe.superword;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.MergeQueue;
import org.merganser.bpe.train.PairTable;
import org.merganser.bpe.train.PretokenSymbolLoader;
import org.merganser.bpe.train.PretokenSymbols;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.bpe.train.TrainingResult;

/**
 * Stage 2 of a SuperBPE training: merges the ids of adjacent words, up to four words in a token,
 * from the counts of {@link SuperwordKeys} over the vocabulary of stage 1. Tokens and merges of
 * stage 1 stay unchanged, and those of stage 2 follow. The merges are those of SuperBPE's fork of
 * HF's trainer if each merge of stage 1 occurs in the corpus; the fork drops the other merges.
 *
 * @param stage1 the vocabulary and merges of stage 1
 * @param settings with a {@code minFrequency} of at least {@link WordPairs#minimumCount}
 * @param keep the number of pairs to keep, which changes time and memory but never the result
 */
public record SuperwordTrainer(
    TrainedBpe stage1, TrainerSettings settings, MergeLearner.Keep keep) {
  /**
   * Learns until the vocabulary is full, no pair is left or the best pair is too rare.
   *
   * @param runs is read twice and must be the same both times
   * @param bound what is left out, and the memory that the rest must fit
   * @param progress receives the number of merges learned so far, repeatedly and at the end
   * @return the complete vocabulary and the merges of both stages, and what was left out
   * @throws TrainingBound.ExceededException if the runs do not fit the bound
   */
  public TrainingResult train(
      BpeTrainer.CountSource runs, TrainingBound bound, IntConsumer progress) {
    PretokenSymbolLoader.Loaded loaded =
        PretokenSymbolLoader.load(runs, bound, settings.vocabSize(), SuperwordKeys.ID_BYTES);
    PretokenSymbols symbols = loaded.words();
    GrowingVocabulary vocabulary = new GrowingVocabulary();
    stage1.tokens().forEach(vocabulary::add);
    symbols.ensureId(vocabulary.size());
    int[] oneCellEach = new int[vocabulary.size()];
    Arrays.fill(oneCellEach, 1);
    Integer limit = settings.maxTokenLength();
    SuperwordRule rule =
        new SuperwordRule(vocabulary, limit == null ? Long.MAX_VALUE : limit.longValue());
    // As in HF's trainer, words stay as merged when a merge produces an existing token.
    Consumer<int[]> encodeAgain = merges -> {};
    PairTable pairs = new PairTable();
    MergeLearner learner =
        new MergeLearner(
            vocabulary,
            symbols,
            oneCellEach,
            pairs,
            new MergeQueue(pairs, settings.minFrequency()),
            rule,
            encodeAgain);
    TrainedBpe learned = learner.learn(settings.vocabSize(), keep, progress);
    return new TrainingResult(learned.after(stage1), loaded.kept());
  }
}
