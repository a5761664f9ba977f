package org.merganser.pipeline.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.merganser.pipeline.output.receipt.ShardSet;

/**
 * Collects locations into one sorted list on one worker. An empty collection becomes an empty list,
 * so the next steps always run. A location that is an empty string names no file and is left out; a
 * {@link ShardSet} has it in the place of a receipt that is not known.
 */
public final class ToOneWorker extends PTransform<PCollection<String>, PCollection<List<String>>> {
  /** Names no file; added to the locations, so that there is a group even without any. */
  private static final String NOTHING = ShardSet.NO_RECEIPT;

  @Override
  public PCollection<List<String>> expand(PCollection<String> locations) {
    PCollection<String> nothing =
        locations.getPipeline().apply(getName() + "Nothing", Create.of(NOTHING));
    return PCollectionList.of(locations)
        .and(nothing)
        .apply("WithNothing", Flatten.pCollections())
        .apply("OneKey", WithKeys.of(0))
        .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()))
        .apply("Gather", GroupByKey.create())
        .apply("Sort", ParDo.of(new SortFn()))
        .setCoder(ListCoder.of(StringUtf8Coder.of()));
  }

  /** Sorts the locations, without {@link #NOTHING}. */
  private static final class SortFn extends DoFn<KV<Integer, Iterable<String>>, List<String>> {
    @ProcessElement
    public void sort(
        @Element KV<Integer, Iterable<String>> gathered, OutputReceiver<List<String>> out) {
      List<String> sorted = new ArrayList<>();
      for (String location : gathered.getValue()) {
        if (!location.equals(NOTHING)) {
          sorted.add(location);
        }
      }
      Collections.sort(sorted);
      out.output(sorted);
    }
  }
}
