package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.commons.io.function.IOSupplier;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.bpe.train.TrainingResult;
import org.merganser.job.TrainSection;
import org.merganser.json.Json;
import org.merganser.pipeline.count.BlockCodec;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.LocatedReceipt;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.settings.ContinuedVocabulary;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.report.statistics.TrainingGroups;
import org.merganser.report.statistics.TrainingParity;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns a tokenizer from combined counts and publishes its folder; the receipt is written last.
 */
record TokenizerLearner(RunSpec spec) {
  /**
   * Publishes the tokenizer unless this was done before; returns the tokenizer.json.
   *
   * @param combinedCounts locations of tables of disjoint pretokens
   */
  FileRef learn(List<String> combinedCounts) throws IOException {
    LocatedReceipt receipt =
        TokenizerPublication.work(spec).complete(files -> learnAndWrite(combinedCounts, files));
    return TokenizerPublication.ref(spec.paths(), receipt);
  }

  /** Learns the tokenizer, and writes its folder. */
  private void learnAndWrite(List<String> combinedCounts, UnitFiles files) throws IOException {
    TrainSection train = spec.job().requireTraining();
    TrainingSettings training = TrainingSettings.of(spec.job());
    TrainingTextCheck.require(spec, combinedCounts);
    TrainingResult result =
        explainFailures(
            () ->
                train.parity() == null
                    ? learnFromCounts(train, training, combinedCounts, files)
                    : learnForParity(training, combinedCounts, files));
    boolean mergesAnyPair = train.parity() == null && train.maxTokenLength() == null;
    TrainingFigures.Superwords noSuperwords = null;
    files.setTraining(
        new TrainingFigures(
            result.trained().tokens().size(),
            train.vocabSize(),
            train.minFrequency(),
            mergesAnyPair,
            result.kept(),
            noSuperwords,
            ReadingTotals.of(spec)));
    Tokenizer tokenizer = LearnedTokenizer.of(spec, training, result.trained());
    TokenizerPublication.write(spec, tokenizer, files);
  }

  /** Learns from the counts as they are, or as {@code tokenizer.train.mix} scales them. */
  private TrainingResult learnFromCounts(
      TrainSection train, TrainingSettings training, List<String> combinedCounts, UnitFiles files)
      throws IOException {
    MixedCounts mixed = train.mix() == null ? null : MixedCounts.measure(train, combinedCounts);
    long minFrequency = train.minFrequency();
    if (mixed == null) {
      keepCounts(combinedCounts, files);
      BpeTrainer.CountSource counts = counts(combinedCounts);
      return trainer(training.trainer())
          .train(counts, TrainingMemory.bound(train), progress(spec, Stage.LEARN));
    }
    keepCounts(combinedCounts, location -> List.of(mixed.block(location)), files);
    files.write(
        spec.paths().tokenizerFile(TrainingGroups.FILE), Json.file(mixed.groups(minFrequency)));
    return trainer(training.trainer().withMinFrequency(mixed.leastPairCount(minFrequency)))
        .train(mixed, TrainingMemory.bound(train), progress(spec, Stage.LEARN));
  }

  /** Learns by {@code tokenizer.train.parity}. */
  private TrainingResult learnForParity(
      TrainingSettings training, List<String> combinedCounts, UnitFiles files) throws IOException {
    keepCounts(combinedCounts, files);
    ParityTraining.Learned learned =
        new ParityTraining(spec, combinedCounts).learn(training, progress(spec, Stage.LEARN));
    files.write(spec.paths().tokenizerFile(TrainingParity.FILE), Json.file(learned.account()));
    return learned.result();
  }

  /** A trainer that begins with nothing, or with the vocabulary that the job continues. */
  private BpeTrainer trainer(TrainerSettings settings) {
    return spec.job().requireTraining().continueFrom() == null
        ? new BpeTrainer(settings)
        : ContinuedVocabulary.trainer(ContinuedVocabulary.read(spec.job()), settings);
  }

  /** The counts of the text, or of the tables that the job names. */
  private BpeTrainer.CountSource counts(List<String> combinedCounts) {
    return spec.job().requireTraining().counts().isEmpty()
        ? countSource(combinedCounts)
        : GivenCounts.read(spec.job())::forEachSorted;
  }

  /** The counts in the files at these locations, with those of all groups added up. */
  static BpeTrainer.CountSource countSource(List<String> combinedCounts) {
    return visitor ->
        combinedCounts.forEach(
            location -> GroupedCounts.forEachTotal(BlockCodec.read(location), visitor));
  }

  /** Adds learned merges to the meter of a stage; the consumer receives their number so far. */
  static IntConsumer progress(RunSpec spec, Stage stage) {
    StageMeter meter = RunProgress.meter(spec.paths(), stage);
    int[] reported = {0}; // an array, since the consumer changes it
    return learned -> {
      meter.addTokens(learned - reported[0]);
      reported[0] = learned;
    };
  }

  /**
   * Runs a training.
   *
   * @throws RunException naming the keys of the job that help, if the training does not fit into
   *     memory or the counts into a long
   */
  static TrainingResult explainFailures(IOSupplier<TrainingResult> training) throws IOException {
    try {
      return training.get();
    } catch (TrainingBound.ExceededException e) {
      throw TrainingMemory.exceeded(e);
    } catch (ArithmeticException e) {
      throw RunException.wrong(
              "tokenizer.train: the pretokens have more than 2^63 - 1 bytes, each as often as it is"
                  + " counted; divide all counts by one number, which changes no merge")
          .causedBy(e);
    }
  }

  /** Saves the table of counts, of all groups together, if the job keeps it. */
  void keepCounts(List<String> combinedCounts, UnitFiles files) throws IOException {
    keepCounts(
        combinedCounts,
        location -> GroupedCounts.blocksByGroup(BlockCodec.read(location)).values(),
        files);
  }

  /**
   * Saves the table of counts if the job keeps it.
   *
   * @param blocksOf returns the blocks of counts to save from a file of combined counts
   */
  private void keepCounts(
      List<String> combinedCounts, Function<String, Collection<byte[]>> blocksOf, UnitFiles files)
      throws IOException {
    if (!spec.job().requireTraining().keepCounts()) {
      return;
    }
    List<byte[]> blocks = new ArrayList<>();
    combinedCounts.forEach(location -> blocks.addAll(blocksOf.apply(location)));
    String table = spec.paths().tokenizerFile(KeptCountsFile.NAME);
    KeptCountsFile.write(files.begin(table), blocks);
    long documents = 0; // the rows are pretokens
    long tokens = 0;
    files.finish(table, documents, tokens);
  }
}
