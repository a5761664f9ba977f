package org.merganser.pipeline.train.count;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.TokenizerSource;

/**
 * Counts the pretokens of each counting unit, or what {@code words} makes of them, into a partial
 * table, packed and compressed. The output elements are the places of its blocks ({@link
 * BlockPlace}), keyed by hash partition. The table is kept in {@code run/counts}: a merge reads its
 * blocks there, and a run that was killed does not count the unit again.
 */
public final class CountPretokens
    extends PTransform<PCollection<CountingUnit>, PCollection<KV<Integer, String>>> {
  private final RunSpec spec;
  private final TokenizerSource.FromText training;
  private final Broadcast<DocumentChoice> choice;
  private final Broadcast<DuplicateList> duplicates;
  private final Stage stage;
  private final List<Broadcast<FileRef>> words;

  /**
   * Counts the documents that {@code choice} trains on, {@code duplicates} left out.
   *
   * @param stage that counts
   * @param words files by which pretokens are encoded before they are counted, see {@link
   *     WordVocabulary#runs}; none: they are not
   */
  public CountPretokens(
      RunSpec spec,
      TokenizerSource.FromText training,
      Broadcast<DocumentChoice> choice,
      Broadcast<DuplicateList> duplicates,
      Stage stage,
      List<Broadcast<FileRef>> words) {
    this.spec = spec;
    this.training = training;
    this.choice = choice;
    this.duplicates = duplicates;
    this.stage = stage;
    this.words = words;
  }

  @Override
  public PCollection<KV<Integer, String>> expand(PCollection<CountingUnit> units) {
    TokenizerSource.FromText text = training; // the step holds these, not this transform
    Broadcast<DocumentChoice> chosen = choice;
    Broadcast<DuplicateList> leftOut = duplicates;
    List<Broadcast<FileRef>> encoding = List.copyOf(words);
    Stage counted = stage;
    List<Broadcast<?>> values = new ArrayList<>(List.of(choice, duplicates));
    values.addAll(words);
    return units
        .apply(
            "CountUnit",
            StepFn.<UnitCounts, CountingUnit, KV<Integer, String>>many(
                spec,
                stage,
                (run, context) ->
                    new UnitCounts(
                        run,
                        text,
                        chosen.get(context),
                        leftOut.get(context),
                        counted,
                        encoding.stream().map(file -> file.get(context)).toList()),
                UnitCounts::count,
                values.toArray(new Broadcast<?>[0])))
        .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()));
  }
}
