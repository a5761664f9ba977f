package org.merganser.pipeline.learn;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.bpe.count.PackedCounts;
import org.merganser.learn.tuple.TupleCounter;
import org.merganser.learn.tuple.TupleCounts;
import org.merganser.learn.tuple.TupleSource;
import org.merganser.pipeline.count.BlockCodec;
import org.merganser.pipeline.count.BlockPlace;
import org.merganser.pipeline.count.CombineCounts;
import org.merganser.pipeline.count.PartialCountFile;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;

/**
 * Counts tuples of the ids of units, and combines the blocks of all units in each hash partition. A
 * unit's blocks are kept in a file below {@code run/learned}, so a killed run does not count the
 * unit again. Only their places are sent on, and combining holds the blocks of one partition.
 *
 * @param stage the stage that counts
 * @param fingerprint of everything that the counts depend on, except the shards
 * @param beginOfDocument the id before each document, of which no tuple is counted; -1 for none
 * @param length ints in each tuple
 * @param factory makes a counter for each unit
 */
record TupleTables(
    RunSpec spec,
    Stage stage,
    String fingerprint,
    int beginOfDocument,
    int length,
    CounterFactory factory) {
  /**
   * A table with more tuples than this is written out: a tuple of three takes up to 100 bytes of
   * heap while the table is packed, so such a table takes up to 200 MB.
   */
  private static final int MAX_DISTINCT = 2_000_000;

  /** Makes the counter of a unit. */
  @FunctionalInterface
  interface CounterFactory {
    /** A counter that passes on its table when it has more than {@code maxDistinct} tuples. */
    TupleCounter create(int maxDistinct, Consumer<TupleCounts> full);
  }

  /**
   * The steps that count and combine, in the same way as pretokens are counted ({@link
   * CombineCounts}). The output is the sorted locations of the combined tables.
   */
  static PTransform<PCollection<ShardSet>, PCollection<List<String>>> counting(
      Steps<TupleTables> steps) {
    return PTransform.compose(
        (PCollection<ShardSet> shards) ->
            shards
                .apply("CountUnit", steps.many(CombineCounts.PLACES, TupleTables::count))
                .apply("CombinePartitions", CombineCounts.of(steps, TupleTables::combine))
                .apply("AllPartitions", new ToOneWorker()));
  }

  /** The tuples of the combined tables at these locations, in this order. */
  static TupleSource source(int length, List<String> locations) {
    return visitor ->
        locations.forEach(
            location -> TupleCounts.merge(length, List.of(BlockCodec.read(location)), visitor));
  }

  /** The sha256 of each file, in the order of the locations. */
  static List<String> sums(List<String> locations) throws IOException {
    List<String> sums = new ArrayList<>();
    for (String location : locations) {
      sums.add(FileStore.sha256(location));
    }
    return sums;
  }

  /** Counts a unit, unless that was done before; outputs the places of its blocks by partition. */
  private void count(ShardSet shards, Consumer<KV<Integer, String>> places) throws IOException {
    ShardSet training = shards.training();
    RunPaths paths = spec.paths();
    String path = OutputPaths.learnedCounts(training.fingerprint(), fingerprint, shards.unit());
    ResumableUnit work =
        ResumableUnit.of(spec, stage, stage.label(), shards.unit(), fingerprint, training.sums());
    work.complete(
        files -> files.write(path, out -> writeBlocks(training, new DataOutputStream(out))));
    PartialCountFile.sendPlaces(paths.at(path), places);
  }

  /** Counts the tuples in shards, and appends the blocks of each full table to a file. */
  private void writeBlocks(ShardSet shards, DataOutputStream file) throws IOException {
    boolean isLocal = FileStore.isLocal(spec.paths().root());
    TupleCounter counter =
        factory.create(MAX_DISTINCT, table -> PartialCountFile.append(table.pack(), isLocal, file));
    counter.read(LocalFiles.of(shards.locations()), beginOfDocument);
    RunProgress.meter(spec.paths(), stage).addTokens(counter.finish());
  }

  /** Combines the blocks of a partition into a published table; returns its location. */
  private String combine(int partition, List<BlockPlace> places) throws IOException {
    List<byte[]> blocks = new ArrayList<>();
    for (BlockPlace place : places) {
      blocks.add(place.read());
    }
    String location = spec.paths().at(OutputPaths.learnedTable(fingerprint, partition));
    BlockCodec.publish(location, PackedCounts.combine(blocks));
    return location;
  }
}
