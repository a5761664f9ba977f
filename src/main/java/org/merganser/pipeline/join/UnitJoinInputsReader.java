package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.IdHistogram;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardRow;

/**
 * Finds what the join must know of a unit: from the receipt of its encoding and the first row of
 * its shards, or, for shards of an earlier run, by reading them.
 */
record UnitJoinInputsReader(RunSpec spec) {
  private static final String STAGE = "ids";

  UnitJoinInputs read(ShardSet shards) throws IOException {
    WrittenFile histogram =
        shards.receipt().isEmpty() ? counted(shards) : Receipts.read(shards.receipt()).histogram();
    return new UnitJoinInputs(
        shards,
        spec.layout().at(Objects.requireNonNull(histogram).path()),
        head(shards.training()),
        head(shards.validation()));
  }

  /** The document that the unit begins in the middle of: it is the first one of its group. */
  private static @Nullable String head(ShardSet shards) throws IOException {
    for (ShardSet group : shards.byGroup()) {
      String location = group.shards().get(0).location();
      try (ParquetShardReader shard = new ParquetShardReader(LocalFiles.of(location))) {
        ShardRow row = new ShardRow();
        if (shard.next(row) && row.part > 0) {
          return row.docId;
        }
      }
    }
    return null;
  }

  private @Nullable WrittenFile counted(ShardSet shards) throws IOException {
    String fingerprint = Fingerprint.of(STAGE, shards.sums());
    UnitReceipt receipt = Receipts.find(spec.layout(), fingerprint, shards.unit());
    if (receipt == null) {
      IdHistogram histogram = new IdHistogram();
      for (ShardSet.Shard source : shards.shards()) {
        try (ParquetShardReader shard = new ParquetShardReader(LocalFiles.of(source.location()))) {
          ShardRow row = new ShardRow();
          while (shard.next(row)) {
            histogram.addAll(row.ids, row.count);
          }
        }
      }
      receipt =
          Receipts.publish(spec.layout(), shards.unit(), STAGE, fingerprint, List.of(), histogram);
    }
    return receipt.histogram();
  }
}
