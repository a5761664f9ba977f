package org.merganser.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.Job;
import org.merganser.learn.IdDocuments;
import org.merganser.learn.NgramCounter;
import org.merganser.learn.NgramShape;
import org.merganser.learn.PackedTuples;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * Counts the n-grams of units and merges the tables of partitions. A unit's tables are kept in
 * {@code run/learned}, so that a run that was killed does not count it again.
 */
final class NgramTables {
  /** Hash partitions: the merge runs in at most this many tasks. */
  static final int PARTITIONS = 64;

  /** A fuller table is handed on: 80 bytes of heap a tuple of order 3 while it is packed. */
  private static final int MAX_DISTINCT = 2_000_000;

  private final OutputLayout layout;
  private final NgramShape shape;
  private final String fingerprint;
  private final StageMeter meter = StageMeter.of(Stage.COUNT_NGRAMS);

  NgramTables(RunSpec spec, TokenizerRef ref) {
    this.layout = spec.layout();
    this.shape = shape(spec.job(), WorkerTokenizers.get(ref));
    this.fingerprint = Fingerprint.of("ngrams", ref.sha256(), shape);
  }

  static NgramShape shape(Job job, Tokenizer tokenizer) {
    return new NgramShape(
        CoreParts.learn(job).ngrams(),
        tokenizer.idBound(),
        CoreParts.endOfDocument(job, tokenizer));
  }

  /** Counts a unit, or finds that it was counted before; hands on its compressed blocks. */
  void count(ShardSet shards, CountFile.BlockVisitor blocks) throws IOException {
    meter.begin();
    String location =
        layout.at(
            layout.learnedCounts(
                Fingerprint.of(fingerprint, shards.training().sums()), shards.unit()));
    FileStore store = FileStore.of(location);
    byte[] counts = store.exists(location) ? store.readAll(location) : new byte[0];
    if (CountFile.isWhole(counts)) {
      meter.unitSkipped();
    } else {
      store.publish(
          location,
          sink ->
              CountFile.write(
                  sink,
                  file -> {
                    NgramCounter counter =
                        new NgramCounter(
                            shape,
                            MAX_DISTINCT,
                            table -> CountFile.append(table.pack(PARTITIONS), file));
                    IdDocuments.read(local(shards.training().locations()), counter);
                    meter.add(0, 0, counter.finish());
                  }));
      counts = store.readAll(location);
      meter.unitDone();
    }
    CountFile.forEach(counts, blocks);
  }

  static List<Path> local(List<String> shards) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (String shard : shards) {
      paths.add(LocalFiles.of(shard));
    }
    return paths;
  }

  /** Merges the compressed blocks of a partition; returns the location of the merged table. */
  String merge(int partition, List<byte[]> compressed) throws IOException {
    List<byte[]> blocks = compressed.stream().map(CompressedBlocks::decompress).toList();
    byte[] merged = CompressedBlocks.compress(PackedTuples.merge(shape.order(), blocks));
    String location = layout.at(layout.learnedTable(fingerprint, partition));
    FileStore.of(location).publish(location, file -> file.write(merged));
    return location;
  }
}
