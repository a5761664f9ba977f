package org.merganser.pipeline.count;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.Steps;
import org.merganser.store.FileStore;

/**
 * Merges the partial tables of each hash partition into one sorted table in a published file. The
 * output elements are the locations of the files, so the trainer's input never passes through the
 * graph.
 */
public final class MergeCounts {
  /** Of the places of blocks by partition. */
  public static final Coder<KV<Integer, String>> PLACES =
      KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of());

  private MergeCounts() {}

  /**
   * @param counted the stage that counted the tables
   */
  public static PTransform<PCollection<KV<Integer, String>>, PCollection<String>> of(
      RunSpec spec, Stage counted) {
    return of(
        Steps.of(spec, counted, (run, context) -> run),
        (run, partition, places) -> merge(run, counted, partition, places));
  }

  /** Merges the blocks of a hash partition into a file; returns its location. */
  @FunctionalInterface
  public interface Merger<L> extends Serializable {
    /**
     * @param places sorted by their text
     */
    String merge(L logic, int partition, List<BlockPlace> places) throws IOException;
  }

  public static <L> PTransform<PCollection<KV<Integer, String>>, PCollection<String>> of(
      Steps<L> steps, Merger<L> merger) {
    StepFn.Work<L, KV<Integer, Iterable<String>>, String> work =
        (made, partition) -> merger.merge(made, partition.getKey(), sorted(partition.getValue()));
    return PTransform.compose(
        partials ->
            partials
                .apply("GroupByPartition", GroupByKey.create())
                .apply("MergePartition", steps.one(String.class, work)));
  }

  private static List<BlockPlace> sorted(Iterable<String> places) {
    return StreamSupport.stream(places.spliterator(), false)
        .sorted()
        .map(BlockPlace::parse)
        .toList();
  }

  private static String merge(RunSpec spec, Stage counted, int partition, List<BlockPlace> places)
      throws IOException {
    String of =
        switch (counted) {
          case COUNT_WORD_PAIRS -> "pairs-";
          case COUNT_WORD_RUNS -> "runs-";
          default -> "";
        };
    RunPaths paths = spec.paths();
    String path = OutputPaths.mergedCounts(spec.tokenizer().fingerprint(), of, partition);
    String location = paths.at(path);
    byte[] merged = BlockPlace.merge(places);
    FileStore.publish(location, BlockCodec.forFile(merged, FileStore.isLocal(location)));
    return location;
  }
}
