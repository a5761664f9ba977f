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
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.Steps;
import org.merganser.store.FileStore;

/**
 * Combines the partial tables of each hash partition into one sorted table in a published file. The
 * output elements are the locations of the files, so the trainer's input never passes through the
 * graph.
 */
public final class CombineCounts {
  /** The coder of the places of blocks ({@link BlockPlace#toString}), keyed by hash partition. */
  public static final Coder<KV<Integer, String>> PLACES =
      KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of());

  /**
   * Combines the blocks of a hash partition into a file.
   *
   * @param <L> the class with the logic of the stage
   */
  @FunctionalInterface
  public interface PartitionCombiner<L> extends Serializable {
    /**
     * @param logic of the stage
     * @param partition the number of the hash partition
     * @param places of its blocks, sorted by their text
     * @return the location of the file
     */
    String combine(L logic, int partition, List<BlockPlace> places) throws IOException;
  }

  private CombineCounts() {}

  /**
   * Combines the tables of pretokens, or of pairs or runs of words.
   *
   * @param counted the stage that counted the tables
   */
  public static PTransform<PCollection<KV<Integer, String>>, PCollection<String>> of(
      RunSpec spec, Stage counted) {
    return of(
        Steps.of(spec, counted, (run, context) -> run),
        (run, partition, places) -> combine(run, counted, partition, places));
  }

  /**
   * Combines tables of any kind.
   *
   * @param steps of the stage that counted the tables
   */
  public static <L> PTransform<PCollection<KV<Integer, String>>, PCollection<String>> of(
      Steps<L> steps, PartitionCombiner<L> combiner) {
    StepFn.Work<L, KV<Integer, Iterable<String>>, String> work =
        (logic, partition) ->
            combiner.combine(logic, partition.getKey(), sorted(partition.getValue()));
    return PTransform.compose(
        partials ->
            partials
                .apply("GroupByPartition", GroupByKey.create())
                .apply("CombinePartition", steps.one(String.class, work)));
  }

  /** The places, sorted by their text, so that blocks are combined in the same order each time. */
  private static List<BlockPlace> sorted(Iterable<String> places) {
    return StreamSupport.stream(places.spliterator(), false)
        .sorted()
        .map(BlockPlace::parse)
        .toList();
  }

  /** Publishes the combined counts of a partition; returns the location of their file. */
  private static String combine(RunSpec spec, Stage counted, int partition, List<BlockPlace> places)
      throws IOException {
    String kind = kind(counted);
    String path = OutputPaths.mergedCounts(spec.tokenizer().fingerprint(), kind, partition);
    String location = spec.paths().at(path);
    byte[] combined = BlockPlace.combine(places);
    FileStore.publish(location, BlockCodec.forFile(combined, FileStore.isLocal(location)));
    return location;
  }

  /**
   * The kind of combined counts in the name of their file, by the stage that counted them; empty
   * for pretokens.
   */
  private static String kind(Stage counted) {
    return switch (counted) {
      case COUNT_WORD_PAIRS -> "pairs-";
      case COUNT_WORD_RUNS -> "runs-";
      case COUNT -> "";
      default -> throw new IllegalArgumentException(counted + " counts no text");
    };
  }
}
