package org.merganser.pipeline.count;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.superword.SuperwordKeys;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.output.receipt.InputRange;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.settings.CountingSpread;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.Steps;
import org.merganser.store.FileStore;

/**
 * Counts the pretokens of each counting unit, or the pairs or runs of words in it, into a partial
 * table in a file ({@link PartialCountFile}). The output elements are the places of its blocks
 * ({@link BlockPlace}), keyed by hash partition. The file is kept in {@code run/counts}: {@link
 * CombineCounts} reads its blocks there, and a killed run does not count the unit again.
 */
public final class CountPretokens {
  private CountPretokens() {}

  /**
   * Counts the documents that {@code choice} trains on, without {@code duplicates}.
   *
   * @param training the source of the tokenizer, with the plan and the spread of counting
   * @param stage the stage that counts: pretokens, or pairs or runs of words
   * @param wordFiles the files by which pretokens are encoded before they are counted, in the order
   *     of {@link WordVocabulary.Files#of}; empty if pretokens are counted
   */
  public static PTransform<PCollection<CountingUnit>, PCollection<KV<Integer, String>>> of(
      RunSpec spec,
      TokenizerSource.FromText training,
      Broadcast<DocumentChoice> choice,
      Broadcast<DuplicateList> duplicates,
      Stage stage,
      List<Broadcast<FileRef>> wordFiles) {
    List<Broadcast<?>> values = new ArrayList<>(List.of(choice, duplicates));
    values.addAll(wordFiles);
    return Steps.of(
            spec,
            stage,
            (run, context) ->
                new UnitCounts(
                    run,
                    training,
                    choice.get(context),
                    duplicates.get(context),
                    stage,
                    WordVocabulary.Files.of(
                        wordFiles.stream().map(file -> file.get(context)).toList())),
            values.toArray(new Broadcast<?>[0]))
        .many(CombineCounts.PLACES, UnitCounts::count);
  }

  /**
   * The work of the step: counts one counting unit after the other by a {@link UnitCounter}, unless
   * it was counted before.
   */
  private static final class UnitCounts {
    private final RunSpec spec;
    private final TokenizerSource.FromText training;
    private final DocumentChoice choice;
    private final DuplicateList duplicates;
    private final Stage stage;

    /** Null if pretokens are counted, and not pairs or runs of words. */
    private final WordVocabulary.@Nullable Files words;

    /** Null before a unit is counted. */
    private @Nullable UnitCounter counter;

    UnitCounts(
        RunSpec spec,
        TokenizerSource.FromText training,
        DocumentChoice choice,
        DuplicateList duplicates,
        Stage stage,
        WordVocabulary.@Nullable Files words) {
      this.spec = spec;
      this.training = training;
      this.choice = choice;
      this.duplicates = duplicates;
      this.stage = stage;
      this.words = words;
    }

    /** Counts a unit unless this was done before; outputs the places of its table's blocks. */
    void count(CountingUnit countingUnit, Consumer<KV<Integer, String>> out) throws IOException {
      List<DocumentSelection> selections = new ArrayList<>();
      for (WorkUnit unit : countingUnit.units()) {
        selections.add(new DocumentSelection(spec, unit, duplicates));
      }
      String unitFingerprint = Fingerprint.of(countingUnit.units());
      String fingerprint = fingerprint(selections);
      String path = OutputPaths.unitCounts(unitFingerprint, fingerprint, countingUnit.number());
      ResumableUnit work =
          ResumableUnit.of(
              spec, stage, stage.label(), countingUnit.number(), unitFingerprint, fingerprint);
      work.complete(files -> writeCounts(countingUnit, selections, path, files));
      PartialCountFile.sendPlaces(spec.paths().at(path), out);
    }

    /** Counts a unit into the file of its table at {@code path}, and writes its receipts. */
    private void writeCounts(
        CountingUnit countingUnit, List<DocumentSelection> selections, String path, UnitFiles files)
        throws IOException {
      UnitCounter unitCounter = counter();
      List<List<InputRange>> inputs = unitCounter.count(countingUnit.units(), selections);
      if (words == null) { // else the pass that counted pretokens has written the receipts
        for (int i = 0; i < selections.size(); i++) {
          FirstReadingReceipts.write(
              spec.paths(), countingUnit.units().get(i), inputs.get(i), files);
        }
      }
      // Blocks are compressed unless the disk is local: see BlockCodec.
      boolean local = FileStore.isLocal(spec.paths().root());
      files.write(
          path,
          out -> {
            DataOutputStream file = new DataOutputStream(out);
            unitCounter.finish(
                (partition, block) -> PartialCountFile.append(partition, block, local, file));
          });
    }

    /** The counter for all units, which the first call builds. */
    private UnitCounter counter() throws IOException {
      UnitCounter built = counter;
      if (built == null) {
        CountingSpread spread = training.counting();
        SuperwordKeys keys = words == null ? null : WordVocabulary.superwordKeys(words);
        built = new UnitCounter(spec, spread, choice, keys, stage);
        counter = built;
      }
      return built;
    }

    /** The fingerprint of everything that the counts depend on, besides the bytes of the units. */
    private String fingerprint(List<DocumentSelection> selections) {
      return stage.fingerprint(
          spec.job(),
          training.countFingerprint(),
          choice.bound(),
          selections.stream().map(DocumentSelection::fingerprint).toList(),
          training.counting().partitions(),
          words == null ? List.of() : words.sha256s(),
          // The cut of the text by the learned tokenizer, in addition to the cut for counting.
          words == null ? null : TrainingSettings.ofTokenizer(spec.job()).preTokenizer());
    }
  }
}
