package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.List;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.superword.SuperwordTrainer;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainingResult;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.count.WordVocabulary;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns a tokenizer whose tokens span words, in three steps: the words, then the pairs of words
 * that are frequent enough for a merge, then the merges across words. Each step publishes a file,
 * so a killed run does not repeat the step.
 *
 * @param made the files of the earlier steps: of words, and then of pairs
 */
record SuperwordLearner(RunSpec spec, TrainSection train, RunPaths paths, List<FileRef> made) {
  /** Pairs to keep for each requested merge. */
  private static final int PAIRS_A_MERGE = 8;

  /** Pairs to keep in addition. */
  private static final int MORE_PAIRS = 1 << 15;

  SuperwordLearner(RunSpec spec, List<FileRef> made) {
    this(spec, spec.job().requireTraining(), spec.paths(), made);
  }

  /** Learns the words; returns the file of the {@link WordVocabulary}. */
  FileRef words(List<String> combinedCounts) throws IOException {
    String path = OutputPaths.words(spec.tokenizer().fingerprint());
    return wordsWork().complete(files -> learnWords(combinedCounts, path, files)).ref(path);
  }

  private void learnWords(List<String> combinedCounts, String path, UnitFiles files)
      throws IOException {
    TokenizerLearner learner = new TokenizerLearner(spec);
    learner.keepCounts(combinedCounts, null, files);
    learner.requireText(combinedCounts);
    BpeTrainer trainer =
        new BpeTrainer(
            TrainingSettings.of(spec.job())
                .trainer()
                .withVocabSize(TrainingSettings.wordVocabSize(train)));
    BpeTrainer.CountSource counts = TokenizerLearner.countSource(combinedCounts);
    TrainingResult words =
        TokenizerLearner.train(
            () ->
                trainer.train(
                    counts,
                    TrainingMemory.bound(train),
                    TokenizerLearner.progress(spec, Stage.LEARN_WORDS)));
    files.write(path, new WordVocabulary(words.trained(), words.kept()).toJson());
  }

  /** Chooses the pairs of words to count runs by; returns their file. */
  FileRef pairs(List<String> combinedPairs) throws IOException {
    String path = OutputPaths.wordPairs(spec.tokenizer().fingerprint());
    RunProgress.meter(paths, Stage.COUNT_WORD_PAIRS).findUnits("pairs", 1);
    return work(Stage.COUNT_WORD_PAIRS, "pairs of words")
        .complete(files -> files.write(path, choosePairs(combinedPairs).toBytes()))
        .ref(path);
  }

  /** The most frequent pairs: as many as the merges that are still to be learned need. */
  private WordPairs choosePairs(List<String> combinedPairs) throws IOException {
    int learned = WordVocabulary.read(made.get(0)).trained().tokens().size();
    long most = MORE_PAIRS + (long) PAIRS_A_MERGE * Math.max(0, train.vocabSize() - learned);
    return WordPairs.choose(
        TokenizerLearner.countSource(combinedPairs),
        train.minFrequency(),
        (int) Math.min(most, MergeTable.NONE - 1));
  }

  /** Learns the merges across words; returns the tokenizer.json. */
  FileRef tokenizer(List<String> combinedRuns) throws IOException {
    ResumableUnit work = TokenizerPublication.work(spec);
    return TokenizerPublication.ref(paths, work.complete(files -> learn(combinedRuns, files)));
  }

  private void learn(List<String> combinedRuns, UnitFiles files) throws IOException {
    WordVocabulary words = WordVocabulary.read(made.get(0));
    WordPairs pairs = WordPairs.fromBytes(made.get(1).read());
    TrainingSettings training = TrainingSettings.ofTokenizer(spec.job());
    SuperwordTrainer trainer =
        new SuperwordTrainer(
            words.trained(),
            training.trainer().withMinFrequency(pairs.minimumCount()),
            MergeLearner.Keep.DEFAULT);
    BpeTrainer.CountSource runs = TokenizerLearner.countSource(combinedRuns);
    TrainingResult result =
        TokenizerLearner.train(
            () ->
                trainer.train(
                    runs,
                    TrainingMemory.bound(train),
                    TokenizerLearner.progress(spec, Stage.LEARN)));
    files.setTraining(
        new TrainingFigures(
            result.trained().tokens().size(),
            train.vocabSize(),
            pairs.minimumCount(),
            /* anyPair= */ false,
            words.cut(),
            new TrainingFigures.Superwords(
                words.trained().tokens().size(), pairs.size(), pairs.leftOut(), result.kept()),
            ReadingTotals.of(spec)));
    Tokenizer tokenizer = training.tokenizer(result.trained(), train);
    WorkerTables.requireRows(spec.table(), tokenizer.idBound());
    if (train.keepCounts()) {
      String counts = paths.tokenizerFile(KeptCountsFile.NAME);
      files.addExisting(Receipts.read(paths.at(wordsWork().path())).file(counts));
    }
    TokenizerPublication.write(spec, tokenizer, files);
  }

  private ResumableUnit wordsWork() {
    return work(Stage.LEARN_WORDS, "words");
  }

  private ResumableUnit work(Stage stage, String name) {
    return ResumableUnit.of(
        spec, stage, name, OutputPaths.AFTER_ALL_UNITS, spec.tokenizer().fingerprint());
  }
}
