package org.merganser.pipeline.train.count;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.store.FileStore;

/**
 * Merges the partial tables of each hash partition into one sorted table in a published file. The
 * output elements are the locations of the files, so the trainer's input never passes through the
 * graph.
 */
public final class MergeCounts {
  private MergeCounts() {}

  /**
   * @param counted the stage that counted the tables
   */
  public static PTransform<PCollection<KV<Integer, String>>, PCollection<String>> of(
      RunSpec spec, Stage counted) {
    return PTransform.compose(
        partials ->
            partials
                .apply("GroupByPartition", GroupByKey.create())
                .apply(
                    "MergePartition",
                    StepFn.of(
                        spec,
                        counted,
                        (run, context) -> run,
                        (RunSpec run, KV<Integer, Iterable<String>> partition) ->
                            merge(run, counted, partition)))
                .setCoder(StringUtf8Coder.of()));
  }

  private static String merge(RunSpec spec, Stage counted, KV<Integer, Iterable<String>> partition)
      throws IOException {
    List<BlockPlace> places = new ArrayList<>();
    for (String place : partition.getValue()) {
      places.add(BlockPlace.parse(place));
    }
    byte[] merged = CompressedBlocks.compress(BlockPlace.merge(places));
    String location = spec.layout().at(path(spec, counted, partition.getKey()));
    FileStore.of(location).publish(location, file -> file.write(merged));
    return location;
  }

  private static String path(RunSpec spec, Stage counted, int partition) {
    OutputLayout layout = spec.layout();
    String fingerprint = spec.tokenizer().fingerprint();
    return switch (counted) {
      case COUNT_WORD_PAIRS -> layout.mergedWordCounts(fingerprint, "pairs", partition);
      case COUNT_WORD_RUNS -> layout.mergedWordCounts(fingerprint, "runs", partition);
      default -> layout.mergedCounts(fingerprint, partition);
    };
  }
}
