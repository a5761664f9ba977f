package org.merganser.pipeline.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.superword.SuperwordTrainer;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.checksum.Sha256;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.pipeline.step.WorkerTables;
import org.merganser.store.CheckedFile;
import org.merganser.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns a tokenizer whose tokens span words, in three steps: the words, then which pairs of them
 * are frequent enough to be merged, then the merges across words. Each step publishes a file, and a
 * run that was killed does not do it again.
 */
final class SuperwordLearner {
  /** Pairs to keep for each merge that is wanted, and beside. */
  private static final int PAIRS_A_MERGE = 8;

  private static final int PAIRS = 1 << 15;

  private static final Logger LOG = LoggerFactory.getLogger(SuperwordLearner.class);

  private final RunSpec spec;
  private final TrainSection train;
  private final OutputLayout layout;

  SuperwordLearner(RunSpec spec) {
    this.spec = spec;
    this.train = JobComponents.train(spec.job());
    this.layout = spec.layout();
  }

  /** Learns the words from the merged counts of pretokens. */
  FileRef words(List<String> mergedCounts) throws IOException {
    StageMeter meter = StageMeter.of(layout, Stage.LEARN_WORDS);
    String location = layout.at(layout.words(spec.tokenizer().fingerprint()));
    TokenizerLearner learner = new TokenizerLearner(spec);
    if (train.tables().keepCounts()) {
      learner.keep(mergedCounts, null);
    }
    byte[] found = CheckedFile.find(location);
    if (found != null) {
      meter.unitSkipped();
      return new FileRef(location, Sha256.of(found));
    }
    learner.requireText(mergedCounts);
    BpeTrainer trainer =
        new BpeTrainer(
            TrainingSettings.of(train).settings().withVocabSize(TrainingSettings.words(train)));
    BpeTrainer.CountSource counts = TokenizerLearner.source(mergedCounts);
    TrainingBound bound = TrainingMemory.bound(train);
    TrainingBound.Result words =
        TokenizerLearner.train(
            () -> trainer.train(counts, bound, TokenizerLearner.progress(meter)));
    byte[] json = new WordVocabulary(words.trained(), words.cut()).toJson();
    CheckedFile.publish(location, json);
    meter.unitDone();
    return new FileRef(location, Sha256.of(json));
  }

  /** The steps for which the words are there. */
  AfterWords after(FileRef words) {
    return new AfterWords(this, words);
  }

  /** Knows the words. */
  record AfterWords(SuperwordLearner learner, FileRef words) {
    AfterPairs after(FileRef pairs) {
      return new AfterPairs(learner, words, pairs);
    }

    FileRef pairs(List<String> mergedPairs) throws IOException {
      return learner.pairs(words, mergedPairs);
    }
  }

  /** Knows the words and which pairs of them are frequent. */
  record AfterPairs(SuperwordLearner learner, FileRef words, FileRef pairs) {
    FileRef tokenizer(List<String> mergedRuns) throws IOException {
      return learner.tokenizer(words, pairs, mergedRuns);
    }
  }

  /** Chooses the pairs of words that may be merged, from the merged counts of pairs. */
  private FileRef pairs(FileRef words, List<String> mergedPairs) throws IOException {
    String location = layout.at(layout.wordPairs(spec.tokenizer().fingerprint()));
    int learned = WordVocabulary.read(words.location()).trained().tokens().size();
    long most = PAIRS + (long) PAIRS_A_MERGE * Math.max(0, train.vocabSize() - learned);
    WordPairs pairs =
        WordPairs.choose(
            TokenizerLearner.source(mergedPairs),
            train.merging().minFrequency(),
            (int) Math.min(most, 1 << 28));
    byte[] bytes = pairs.toBytes();
    CheckedFile.publish(location, bytes);
    return new FileRef(location, Sha256.of(bytes));
  }

  /** Learns the merges across words from the merged counts of runs, and publishes the tokenizer. */
  private FileRef tokenizer(FileRef wordsFile, FileRef pairsFile, List<String> mergedRuns)
      throws IOException {
    StageMeter meter = StageMeter.of(layout, Stage.LEARN);
    WordVocabulary words = WordVocabulary.read(wordsFile.location());
    WordPairs pairs = WordFiles.readPairs(pairsFile.location());
    TrainingSettings training = TrainingSettings.ofTokenizer(train);
    TrainingBound bound = TrainingMemory.bound(1);
    SuperwordTrainer trainer =
        new SuperwordTrainer(
            words.trained(), training.settings().withMinFrequency(pairs.minimumCount()));
    BpeTrainer.CountSource runs = TokenizerLearner.source(mergedRuns);
    TrainingBound.Result result =
        TokenizerLearner.train(() -> trainer.train(runs, bound, TokenizerLearner.progress(meter)));
    boolean cut = report(words, pairs, result, bound);
    Tokenizer tokenizer = training.tokenizer(result.trained(), train);
    WorkerTables.requireRows(spec.table(), tokenizer.idBound());
    List<String> others = new ArrayList<>();
    if (train.tables().keepCounts()) {
      others.add(CountsTable.NAME);
    }
    if (cut) {
      others.add(TrainingMemory.CUT);
    }
    FileRef ref =
        TokenizerPublication.publish(
            tokenizer,
            tokenizer.toJson(),
            spec.job().shards().endOfDocument(),
            others,
            layout,
            spec.tokenizer().fingerprint());
    meter.unitDone();
    return ref;
  }

  /** Writes what was left out; returns whether memory forced some of it. */
  private boolean report(
      WordVocabulary words, WordPairs pairs, TrainingBound.Result result, TrainingBound bound)
      throws IOException {
    TrainedBpe trained = result.trained();
    boolean forced =
        TrainingMemory.forced(words.cut(), train)
            || result.cut().minimumCount() > 1 && result.cut().cutDistinct() > 0;
    boolean ended = trained.tokens().size() < train.vocabSize() && pairs.leftOut() > 0;
    ObjectNode account = TrainingMemory.account(words.cut());
    ObjectNode across = account.putObject("superwords");
    across.put("words", words.trained().tokens().size());
    across.put("tokens", trained.tokens().size());
    across
        .putObject("pairs")
        .put("minimumCount", pairs.minimumCount())
        .put("kept", pairs.size())
        .put("leftOut", pairs.leftOut())
        .put("occurrencesLeftOut", pairs.occurrencesLeftOut())
        .put("endedTheTraining", ended);
    across
        .putObject("runs")
        .put("minimumCount", result.cut().minimumCount())
        .put("distinct", result.cut().keptDistinct())
        .put("occurrences", result.cut().keptMass())
        .put("distinctLeftOut", result.cut().cutDistinct())
        .put("occurrencesLeftOut", result.cut().cutMass());
    if (ended) {
      LOG.warn(
          "tokenizer.train.superwords: the vocabulary has {} of {} tokens, since the next merge"
              + " would occur less than {} times; {} rarer pairs of words were left out to bound"
              + " memory. A larger tokenizer.train.vocabSize keeps more of them",
          trained.tokens().size(),
          train.vocabSize(),
          pairs.minimumCount(),
          pairs.leftOut());
    }
    if (forced) {
      TrainingMemory.publish(layout.at(layout.tokenizerFile(TrainingMemory.CUT)), account);
      LOG.warn(
          "tokenizer.train.superwords: not all fits {} bytes of memory; {} says which of the rarest"
              + " pretokens and runs of words were left out",
          bound.maxBytes(),
          TrainingMemory.CUT);
    }
    account.put("memoryBytes", bound.maxBytes());
    account.put("forcedByMemory", forced);
    TrainingMemory.publish(layout.at(layout.training()), account);
    return forced;
  }
}
