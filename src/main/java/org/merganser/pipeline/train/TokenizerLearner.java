package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.commons.io.function.IOSupplier;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.bpe.train.TrainingResult;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.read.UnitReader;
import org.merganser.job.TrainSection;
import org.merganser.json.Json;
import org.merganser.message.Plural;
import org.merganser.pipeline.count.BlockCodec;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.deadletter.CorpusLosses;
import org.merganser.pipeline.output.receipt.LocatedReceipt;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.settings.ContinuedVocabulary;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.pipeline.worker.WorkerTables;
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
        TokenizerPublication.work(spec).complete(files -> learn(combinedCounts, files));
    return TokenizerPublication.ref(spec.paths(), receipt);
  }

  private void learn(List<String> combinedCounts, UnitFiles files) throws IOException {
    TrainSection train = spec.job().requireTraining();
    TrainingSettings training = TrainingSettings.of(spec.job());
    requireText(combinedCounts);
    TrainingResult result =
        train(
            () ->
                train.parity() == null
                    ? fromCounts(train, training, combinedCounts, files)
                    : forParity(training, combinedCounts, files));
    files.setTraining(
        new TrainingFigures(
            result.trained().tokens().size(),
            train.vocabSize(),
            train.minFrequency(),
            /* anyPair= */ train.parity() == null && train.maxTokenLength() == null,
            result.kept(),
            /* superwords= */ null,
            ReadingTotals.of(spec)));
    Tokenizer tokenizer = training.tokenizer(result.trained(), train);
    WorkerTables.requireRows(spec.table(), tokenizer.idBound());
    TokenizerPublication.write(spec, tokenizer, files);
  }

  /** Learns from the counts as they are, or as {@code tokenizer.train.mix} scales them. */
  private TrainingResult fromCounts(
      TrainSection train, TrainingSettings training, List<String> combinedCounts, UnitFiles files)
      throws IOException {
    MixedCounts mixed = train.mix() == null ? null : new MixedCounts(train, combinedCounts);
    keepCounts(combinedCounts, mixed, files);
    long minFrequency = train.minFrequency();
    if (mixed == null) {
      BpeTrainer.CountSource counts = counts(combinedCounts);
      return bpeTrainer(training.trainer())
          .train(counts, TrainingMemory.bound(train), progress(spec, Stage.LEARN));
    }
    files.write(
        spec.paths().tokenizerFile(TrainingGroups.FILE), Json.file(mixed.shares(minFrequency)));
    return bpeTrainer(training.trainer().withMinFrequency(mixed.leastPairCount(minFrequency)))
        .train(mixed, TrainingMemory.bound(train), progress(spec, Stage.LEARN));
  }

  private TrainingResult forParity(
      TrainingSettings training, List<String> combinedCounts, UnitFiles files) throws IOException {
    keepCounts(combinedCounts, null, files);
    ParityTraining.Learned learned =
        new ParityTraining(spec, combinedCounts).learn(training, progress(spec, Stage.LEARN));
    files.write(spec.paths().tokenizerFile(TrainingParity.FILE), Json.file(learned.account()));
    return learned.result();
  }

  private BpeTrainer bpeTrainer(TrainerSettings settings) {
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

  /** The counts in files, with those of all groups added up. */
  static BpeTrainer.CountSource countSource(List<String> combinedCounts) {
    return visitor ->
        combinedCounts.forEach(
            location -> GroupedCounts.forEachTotal(BlockCodec.read(location), visitor));
  }

  /** Adds learned merges to the meter of a stage; receives their number so far. */
  static IntConsumer progress(RunSpec spec, Stage stage) {
    StageMeter meter = RunProgress.meter(spec.paths(), stage);
    int[] reported = {0};
    return learned -> {
      meter.add(0, 0, learned - reported[0]);
      reported[0] = learned;
    };
  }

  /** Trains; turns errors into messages that name the keys of the job. */
  static TrainingResult train(IOSupplier<TrainingResult> training) throws IOException {
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

  /** Saves the table of counts if the job keeps it; if text is mixed, the counts after the mix. */
  void keepCounts(List<String> combinedCounts, @Nullable MixedCounts mixed, UnitFiles files)
      throws IOException {
    if (!spec.job().requireTraining().keepCounts()) {
      return;
    }
    List<byte[]> blocks = new ArrayList<>();
    for (String location : combinedCounts) {
      if (mixed == null) {
        blocks.addAll(GroupedCounts.blocksByGroup(BlockCodec.read(location)).values());
      } else {
        blocks.add(mixed.block(location));
      }
    }
    String table = spec.paths().tokenizerFile(KeptCountsFile.NAME);
    KeptCountsFile.write(files.begin(table), blocks);
    files.finish(table, 0, 0);
  }

  /**
   * Checks that the text has a pretoken.
   *
   * @throws RunException naming the files, and the first dead letter if there is one
   */
  void requireText(List<String> combinedCounts) throws IOException {
    if (spec.tokenizer() instanceof TokenizerSource.FromText text
        && combinedCounts.stream().allMatch(location -> BlockCodec.read(location).length == 0)) {
      throw nothingLearned(text.plan());
    }
  }

  /** Reads the text again to find out why nothing was counted. */
  private RunException nothingLearned(String plan) throws IOException {
    UnitReader reader = StepComponents.trainingReader(spec);
    TextFound found = new TextFound();
    List<String> files = PlanFile.firstFiles(plan);
    PlanFile.read(
        plan,
        unit -> {
          reader.readAgain(unit, found);
          found.moreFiles |=
              unit.ranges().stream().anyMatch(range -> !files.contains(range.file().path()));
        });
    String named = String.join(", ", files) + (found.moreFiles ? ", …" : "");
    String hold = files.size() == 1 && !found.moreFiles ? "holds" : "hold";
    return new RunException(
        RunException.Kind.NOTHING_KEPT,
        "there is no text to train on: %s %s %s%s"
            .formatted(named, hold, documents(found.documents), firstDeadLetter(found.first)));
  }

  private static String documents(long documents) {
    return documents == 0
        ? "no document"
        : Plural.of(documents, "document")
            + ", of which none is learned from: they are empty, excluded, kept for validation, or"
            + " of an input or group of weight 0";
  }

  private static String firstDeadLetter(@Nullable DeadLetter letter) {
    return letter == null
        ? ""
        : ". The first dead letter is %s at %s: %s: %s%s"
            .formatted(
                letter.file(),
                letter.offset(),
                letter.reason().label(),
                letter.detail(),
                CorpusLosses.chatAdvice(letter.raw()));
  }

  /** What a text without pretokens has. */
  private static final class TextFound implements DocumentHandler {
    long documents;

    /** Whether there are more files than those that are named. */
    boolean moreFiles;

    @Nullable DeadLetter first;

    @Override
    public void document(Document document) {
      documents++;
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      if (first == null) {
        first = letter;
      }
    }
  }
}
