package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.superword.SuperwordTrainer;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingResult;
import org.merganser.job.TrainSection;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.count.WordVocabulary;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns a tokenizer whose tokens span words, in three steps: the words, then the pairs of words
 * that are frequent enough for a merge, then the merges across words. Each step publishes a file,
 * so a killed run does not repeat the step.
 *
 * @param wordsFile the file of the first step; null before it
 * @param pairsFile the file of the second step; null before it
 */
record SuperwordLearner(RunSpec spec, @Nullable FileRef wordsFile, @Nullable FileRef pairsFile) {
  /**
   * Pairs to keep for each requested merge: more than one, since a pair that is not kept is never
   * merged.
   */
  private static final int PAIRS_A_MERGE = 8;

  /** Pairs to keep in addition, for small vocabularies. */
  private static final int MORE_PAIRS = 1 << 15;

  /** The learner of the first step, {@link #learnWords}. */
  static SuperwordLearner ofWords(RunSpec spec) {
    FileRef notYetWritten = null;
    return new SuperwordLearner(spec, notYetWritten, notYetWritten);
  }

  /** The learner of the second step, {@link #choosePairs}. */
  static SuperwordLearner ofPairs(RunSpec spec, FileRef wordsFile) {
    FileRef notYetWritten = null;
    return new SuperwordLearner(spec, wordsFile, notYetWritten);
  }

  /** Learns the words unless this was done before; returns the file of the vocabulary. */
  FileRef learnWords(List<String> combinedCounts) throws IOException {
    String path = OutputPaths.words(spec.tokenizer().fingerprint());
    return wordsWork().complete(files -> writeWords(combinedCounts, path, files)).ref(path);
  }

  private void writeWords(List<String> combinedCounts, String path, UnitFiles files)
      throws IOException {
    TrainSection train = spec.job().requireTraining();
    new TokenizerLearner(spec).keepCounts(combinedCounts, files);
    TrainingTextCheck.require(spec, combinedCounts);
    TrainerSettings settings = TrainingSettings.of(spec.job()).trainer();
    BpeTrainer trainer =
        new BpeTrainer(settings.withVocabSize(TrainingSettings.wordVocabSize(train)));
    BpeTrainer.CountSource counts = TokenizerLearner.countSource(combinedCounts);
    TrainingResult words =
        TokenizerLearner.explainFailures(
            () ->
                trainer.train(
                    counts,
                    TrainingMemory.bound(train),
                    TokenizerLearner.progress(spec, Stage.LEARN_WORDS)));
    files.write(path, new WordVocabulary(words.trained(), words.kept()).toJson());
  }

  /** Chooses the pairs of words to count runs by, unless this was done; returns their file. */
  FileRef choosePairs(List<String> combinedPairs) throws IOException {
    String path = OutputPaths.wordPairs(spec.tokenizer().fingerprint());
    RunProgress.meter(spec.paths(), Stage.COUNT_WORD_PAIRS).findUnits("pairs", 1);
    return work(Stage.COUNT_WORD_PAIRS, "pairs of words")
        .complete(files -> files.write(path, frequentPairs(combinedPairs).toBytes()))
        .ref(path);
  }

  /** The most frequent pairs: as many as the merges that are still to be learned need. */
  private WordPairs frequentPairs(List<String> combinedPairs) throws IOException {
    TrainSection train = spec.job().requireTraining();
    int learned = readWords().trained().tokens().size();
    long most = MORE_PAIRS + (long) PAIRS_A_MERGE * Math.max(0, train.vocabSize() - learned);
    return WordPairs.choose(
        TokenizerLearner.countSource(combinedPairs),
        train.minFrequency(),
        (int) Math.min(most, MergeTable.NONE - 1));
  }

  /** Learns the merges across words unless this was done; returns the tokenizer.json. */
  FileRef learnTokenizer(List<String> combinedRuns) throws IOException {
    ResumableUnit work = TokenizerPublication.work(spec);
    return TokenizerPublication.ref(
        spec.paths(), work.complete(files -> writeTokenizer(combinedRuns, files)));
  }

  private void writeTokenizer(List<String> combinedRuns, UnitFiles files) throws IOException {
    TrainSection train = spec.job().requireTraining();
    WordVocabulary words = readWords();
    WordPairs pairs = readPairs();
    TrainingSettings training = TrainingSettings.ofTokenizer(spec.job());
    SuperwordTrainer trainer =
        new SuperwordTrainer(
            words.trained(),
            training.trainer().withMinFrequency(pairs.minimumCount()),
            MergeLearner.Keep.DEFAULT);
    BpeTrainer.CountSource runs = TokenizerLearner.countSource(combinedRuns);
    TrainingResult result =
        TokenizerLearner.explainFailures(
            () ->
                trainer.train(
                    runs,
                    TrainingMemory.bound(train),
                    TokenizerLearner.progress(spec, Stage.LEARN)));
    files.setTraining(figures(words, pairs, result));
    Tokenizer tokenizer = LearnedTokenizer.of(spec, training, result.trained());
    if (train.keepCounts()) {
      addKeptCounts(files);
    }
    TokenizerPublication.write(spec, tokenizer, files);
  }

  private TrainingFigures figures(WordVocabulary words, WordPairs pairs, TrainingResult result)
      throws IOException {
    boolean mergesAnyPair = false; // the number of words in a token is limited
    return new TrainingFigures(
        result.trained().tokens().size(),
        spec.job().requireTraining().vocabSize(),
        pairs.minimumCount(),
        mergesAnyPair,
        words.kept(),
        new TrainingFigures.Superwords(
            words.trained().tokens().size(), pairs.size(), pairs.leftOut(), result.kept()),
        ReadingTotals.of(spec));
  }

  /** Adds the table of counts, which the first step has written, to the files of the tokenizer. */
  private void addKeptCounts(UnitFiles files) throws IOException {
    String counts = spec.paths().tokenizerFile(KeptCountsFile.NAME);
    UnitReceipt ofWords = Receipts.read(spec.paths().at(wordsWork().path()));
    files.addExisting(ofWords.file(counts));
  }

  /** Reads what the first step has learned. */
  private WordVocabulary readWords() throws IOException {
    return WordVocabulary.read(Objects.requireNonNull(wordsFile));
  }

  /** Reads what the second step has chosen. */
  private WordPairs readPairs() throws IOException {
    return WordPairs.fromBytes(Objects.requireNonNull(pairsFile).read());
  }

  private ResumableUnit wordsWork() {
    return work(Stage.LEARN_WORDS, "words");
  }

  private ResumableUnit work(Stage stage, String name) {
    return ResumableUnit.of(
        spec, stage, name, OutputPaths.AFTER_ALL_UNITS, spec.tokenizer().fingerprint());
  }
}
