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

/** Learns a tokenizer from merged counts and publishes its folder; the receipt is written last. */
record TokenizerLearner(RunSpec spec) {

  /**
   * @param mergedCounts locations of compressed tables of disjoint pretokens
   */
  FileRef learn(List<String> mergedCounts) throws IOException {
    LocatedReceipt receipt =
        TokenizerPublication.work(spec).complete(files -> learn(mergedCounts, files));
    return TokenizerPublication.ref(spec.paths(), receipt);
  }

  private void learn(List<String> mergedCounts, UnitFiles files) throws IOException {
    TrainSection train = spec.job().requireTraining();
    TrainingSettings training = TrainingSettings.of(spec.job());
    requireText(mergedCounts);
    TrainingBound.Result result =
        train(
            () ->
                train.parity() == null
                    ? fromCounts(train, training, mergedCounts, files)
                    : forParity(training, mergedCounts, files));
    files.setTraining(
        new TrainingFigures(
            result.trained().tokens().size(),
            train.vocabSize(),
            train.minFrequency(),
            train.parity() == null && train.maxTokenLength() == null,
            result.cut(),
            null,
            ReadingTotals.of(spec)));
    Tokenizer tokenizer = training.tokenizer(result.trained(), train);
    WorkerTables.requireRows(spec.table(), tokenizer.idBound());
    TokenizerPublication.write(spec, tokenizer, files);
  }

  private TrainingBound.Result fromCounts(
      TrainSection train, TrainingSettings training, List<String> mergedCounts, UnitFiles files)
      throws IOException {
    MixedCounts mixed = train.mix() == null ? null : new MixedCounts(train, mergedCounts);
    keep(mergedCounts, mixed, files);
    long minFrequency = train.minFrequency();
    if (mixed == null) {
      BpeTrainer.CountSource counts = counts(mergedCounts);
      return trainer(training.settings())
          .train(counts, TrainingMemory.bound(train), progress(spec, Stage.LEARN));
    }
    files.write(
        spec.paths().tokenizerFile(TrainingGroups.FILE), Json.file(mixed.shares(minFrequency)));
    return trainer(training.settings().withMinFrequency(mixed.leastPairCount(minFrequency)))
        .train(mixed, TrainingMemory.bound(train), progress(spec, Stage.LEARN));
  }

  private TrainingBound.Result forParity(
      TrainingSettings training, List<String> mergedCounts, UnitFiles files) throws IOException {
    keep(mergedCounts, null, files);
    ParityTraining parity = new ParityTraining(spec, mergedCounts);
    TrainingBound.Result result = parity.learn(training, progress(spec, Stage.LEARN));
    files.write(spec.paths().tokenizerFile(TrainingParity.FILE), Json.file(parity.account()));
    return result;
  }

  static IntConsumer progress(RunSpec spec, Stage stage) {
    StageMeter meter = RunProgress.meter(spec.paths(), stage);
    int[] reported = {0};
    return learned -> {
      meter.add(0, 0, learned - reported[0]);
      reported[0] = learned;
    };
  }

  /** Trains; turns errors into messages that name the keys of the job. */
  static TrainingBound.Result train(IOSupplier<TrainingBound.Result> training) throws IOException {
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

  void requireText(List<String> mergedCounts) throws IOException {
    if (spec.tokenizer() instanceof TokenizerSource.FromText text
        && mergedCounts.stream()
            .allMatch(location -> BlockCodec.read(location).length == 0)) {
      throw nothingLearned(text.plan());
    }
  }

  private RunException nothingLearned(String plan) throws IOException {
    UnitReader reader = StepComponents.trainingReader(spec);
    Found found = new Found();
    List<String> files = PlanFile.firstFiles(plan);
    PlanFile.read(
        plan,
        unit -> {
          reader.readAgain(unit, found);
          found.more |=
              unit.ranges().stream().anyMatch(range -> !files.contains(range.file().path()));
        });
    DeadLetter letter = found.first;
    String hold = files.size() == 1 && !found.more ? "holds" : "hold";
    return new RunException(
        RunException.Kind.NOTHING_KEPT,
        "there is no text to train on: %s %s %s%s"
            .formatted(
                String.join(", ", files) + (found.more ? ", …" : ""),
                hold,
                found.documents == 0
                    ? "no document"
                    : "%s, of which none is learned from: they are empty, excluded, kept for validation, or of an input or group of weight 0"
                        .formatted(Plural.of(found.documents, "document")),
                letter == null
                    ? ""
                    : ". The first dead letter is %s at %s: %s: %s%s"
                        .formatted(
                            letter.file(),
                            letter.offset(),
                            letter.reason().label(),
                            letter.detail(),
                            CorpusLosses.chatAdvice(letter.raw()))));
  }

  private static final class Found implements DocumentHandler {
    long documents;
    boolean more;
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

  private BpeTrainer trainer(TrainerSettings settings) {
    return spec.job().requireTraining().continueFrom() == null
        ? new BpeTrainer(settings)
        : ContinuedVocabulary.trainer(ContinuedVocabulary.read(spec.job()), settings);
  }

  private BpeTrainer.CountSource counts(List<String> mergedCounts) {
    return spec.job().requireTraining().counts().isEmpty()
        ? source(mergedCounts)
        : GivenCounts.read(spec.job())::forEachSorted;
  }

  static BpeTrainer.CountSource source(List<String> mergedCounts) {
    return visitor ->
        mergedCounts.forEach(
            location -> GroupedCounts.forEachSum(BlockCodec.read(location), visitor));
  }

  /** Saves the table of counts if the job keeps it; if text is mixed, the counts after the mix. */
  void keep(List<String> mergedCounts, @Nullable MixedCounts mixed, UnitFiles files)
      throws IOException {
    if (!spec.job().requireTraining().keepCounts()) {
      return;
    }
    List<byte[]> blocks = new ArrayList<>();
    for (String location : mergedCounts) {
      if (mixed == null) {
        blocks.addAll(GroupedCounts.blocks(BlockCodec.read(location)).values());
      } else {
        blocks.add(mixed.block(location));
      }
    }
    String table = spec.paths().tokenizerFile(CountsTable.NAME);
    CountsTable.write(files.begin(table), blocks);
    files.finish(table, 0, 0);
  }
}
