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
public final class CountPretokens {
  private CountPretokens() {}

  /**
   * Counts the documents that {@code choice} trains on, {@code duplicates} left out.
   *
   * @param stage that counts
   * @param words files by which pretokens are encoded before they are counted, see {@link
   *     WordVocabulary#runs}; none: they are not
   */
  public static PTransform<PCollection<CountingUnit>, PCollection<KV<Integer, String>>> of(
      RunSpec spec,
      TokenizerSource.FromText training,
      Broadcast<DocumentChoice> choice,
      Broadcast<DuplicateList> duplicates,
      Stage stage,
      List<Broadcast<FileRef>> words) {
    List<Broadcast<?>> values = new ArrayList<>(List.of(choice, duplicates));
    values.addAll(words);
    return PTransform.compose(
        units ->
            units
                .apply(
                    "CountUnit",
                    StepFn.<UnitCounts, CountingUnit, KV<Integer, String>>many(
                        spec,
                        stage,
                        (run, context) ->
                            new UnitCounts(
                                run,
                                training,
                                choice.get(context),
                                duplicates.get(context),
                                stage,
                                words.stream().map(file -> file.get(context)).toList()),
                        UnitCounts::count,
                        values.toArray(new Broadcast<?>[0])))
                .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of())));
  }
}
