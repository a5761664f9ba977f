package org.merganser.pipeline.measure;

import java.io.IOException;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.output.figures.UnitLengthCounts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;

/**
 * Counts the lengths of the training documents in shards of an earlier run. It reads the column
 * num_tokens, and no ids. The outputs are the locations of receipts.
 */
public final class CountLengths {
  private CountLengths() {}

  /** The step, whose input is the shards of each unit. */
  public static PTransform<PCollection<ShardSet>, PCollection<String>> of(RunSpec spec) {
    return Steps.of(spec, Stage.MEASURE, (run, context) -> run)
        .one(String.class, CountLengths::countUnit);
  }

  /** Counts a unit, unless that was done before; returns the location of the receipt. */
  private static String countUnit(RunSpec spec, ShardSet unit) throws IOException {
    ShardSet shards = unit.training();
    return ResumableUnit.of(spec, Stage.MEASURE, "lengths", unit.unit(), shards.fingerprint())
        .completeAndLocate(files -> files.setLengths(count(shards).toUnitLengths()));
  }

  /** The lengths of the documents in shards, read without their ids. */
  private static UnitLengthCounts count(ShardSet shards) throws IOException {
    UnitLengthCounts counts = new UnitLengthCounts();
    ShardRow row = new ShardRow();
    for (String location : shards.locations()) {
      try (ShardReader in = ShardReader.ofLengths(LocalFiles.of(location))) {
        while (in.next(row)) {
          counts.add(row.measured());
        }
      }
    }
    return counts;
  }
}
