package org.merganser.pipeline.train;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.CountingPlan;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.store.FileStore;

/**
 * Counts the pretokens, or what becomes of them, of each counting unit into a partial table, packed
 * and compressed, and hands on where its blocks are ({@link BlockPlace}), keyed by hash partition.
 * A counting unit's table is kept in {@code run/counts}: a merge reads its blocks there, and a run
 * that was killed does not count it again.
 */
public final class CountPretokens
    extends PTransform<PCollection<CountingUnit>, PCollection<KV<Integer, String>>> {
  private final RunSpec spec;
  private final TokenizerSource.FromText training;
  private final Broadcast<DocumentChoice> choice;
  private final Broadcast<DuplicateList> duplicates;
  private final Stage stage;
  private final @Nullable WordFiles words;

  /** Counts the documents that {@code choice} trains on, {@code duplicates} left out. */
  public CountPretokens(
      RunSpec spec,
      TokenizerSource.FromText training,
      Broadcast<DocumentChoice> choice,
      Broadcast<DuplicateList> duplicates) {
    this(spec, training, choice, duplicates, Stage.COUNT, null);
  }

  /**
   * @param stage that counts
   * @param words by which pretokens are encoded before they are counted; null: they are not
   */
  CountPretokens(
      RunSpec spec,
      TokenizerSource.FromText training,
      Broadcast<DocumentChoice> choice,
      Broadcast<DuplicateList> duplicates,
      Stage stage,
      @Nullable WordFiles words) {
    this.spec = spec;
    this.training = training;
    this.choice = choice;
    this.duplicates = duplicates;
    this.stage = stage;
    this.words = words;
  }

  @Override
  public PCollection<KV<Integer, String>> expand(PCollection<CountingUnit> units) {
    List<Broadcast<?>> values = new ArrayList<>(List.of(choice, duplicates));
    if (words != null) {
      values.addAll(words.all());
    }
    return units
        .apply(
            "CountUnit",
            ParDo.of(new CountFn(spec, training, choice, duplicates, stage, words))
                .withSideInputs(Broadcast.views(values.toArray(new Broadcast<?>[0]))))
        .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()));
  }

  private static final class CountFn extends RunFn<CountingUnit, KV<Integer, String>> {
    private final TokenizerSource.FromText training;
    private final Broadcast<DocumentChoice> choice;
    private final Broadcast<DuplicateList> duplicates;
    private final Stage stage;
    private final @Nullable WordFiles words;
    private transient @Nullable UnitCounter counter;

    CountFn(
        RunSpec spec,
        TokenizerSource.FromText training,
        Broadcast<DocumentChoice> choice,
        Broadcast<DuplicateList> duplicates,
        Stage stage,
        @Nullable WordFiles words) {
      super(spec);
      this.stage = stage;
      this.words = words;
      this.training = training;
      this.choice = choice;
      this.duplicates = duplicates;
    }

    @ProcessElement
    public void count(
        @Element CountingUnit counting,
        OutputReceiver<KV<Integer, String>> out,
        ProcessContext context)
        throws IOException {
      try (StageMeter.Work busy = StageMeter.of(spec.layout(), stage).begin()) {
        count(counting, context, busy.meter(), out);
      }
    }

    private void count(
        CountingUnit counting,
        ProcessContext context,
        StageMeter meter,
        OutputReceiver<KV<Integer, String>> out)
        throws IOException {
      DocumentChoice chosen = choice.get(context);
      DuplicateList leftOut = duplicates.get(context);
      List<DocumentSelection> selections = new ArrayList<>();
      for (WorkUnit unit : counting.units()) {
        selections.add(new DocumentSelection(spec, unit, leftOut));
      }
      String location =
          location(counting, chosen, selections, words == null ? null : words.sha256s(context));
      FileStore store = FileStore.of(location);
      byte[] counts = PartialCountFile.find(location);
      if (counts != null && isNoted(counting)) {
        counting.units().forEach(unit -> meter.unitSkipped());
      } else {
        if (counter == null) {
          CountingPlan plan = training.counting();
          counter =
              words == null
                  ? UnitCounter.of(spec, plan, chosen)
                  : UnitCounter.ofWords(spec, words.runs(context), plan, chosen, stage);
        }
        UnitCounter unitCounter = Objects.requireNonNull(counter);
        store.publish(
            location,
            sink ->
                PartialCountFile.write(
                    sink, file -> count(counting, selections, unitCounter, file)));
        counts = store.readAll(location);
      }
      PartialCountFile.forEachPlace(
          counts,
          (partition, offset, size) -> {
            String place = new BlockPlace(location, offset, size).toString();
            meter.handOn(Integer.BYTES + place.length());
            out.output(KV.of(partition, place));
          });
    }

    /** Whether it was noted what was read of all units. */
    private boolean isNoted(CountingUnit counting) throws IOException {
      for (WorkUnit unit : counting.units()) {
        if (!CountedInputDigests.isNoted(spec.layout(), unit)) {
          return false;
        }
      }
      return true;
    }

    /**
     * Where a counting unit's table lies.
     *
     * @param wordSha256s of what pretokens are encoded with; null: they are not
     */
    private String location(
        CountingUnit counting,
        DocumentChoice chosen,
        List<DocumentSelection> selections,
        @Nullable List<String> wordSha256s) {
      String fingerprint =
          Fingerprint.of(
              training.countFingerprint(),
              chosen.bound(),
              selections.stream().map(DocumentSelection::fingerprint).toList(),
              training.counting().partitions());
      if (wordSha256s != null) {
        // How text is cut, beside what it is encoded with.
        fingerprint =
            Fingerprint.of(
                fingerprint,
                wordSha256s,
                TrainingSettings.ofTokenizer(JobComponents.train(spec.job())).preTokenizer());
      }
      return spec.layout()
          .at(
              spec.layout()
                  .unitCounts(Fingerprint.of(counting.units()), fingerprint, counting.number()));
    }

    private void count(
        CountingUnit counting,
        List<DocumentSelection> selections,
        UnitCounter unitCounter,
        DataOutputStream file)
        throws IOException {
      List<List<String>> sha256s = unitCounter.count(counting.units(), selections);
      for (int i = 0; i < selections.size(); i++) {
        CountedInputDigests.note(spec.layout(), counting.units().get(i), sha256s.get(i));
      }
      unitCounter.finish((partition, block) -> PartialCountFile.append(partition, block, file));
    }
  }
}
