package org.merganser.pipeline.join;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.checksum.Sha256;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.ChecksummedFile;

/**
 * Sums the occurrences of each id: from the receipts of encoding, which count those of the
 * documents for training, or from shards of an earlier run.
 */
public final class CountIds {
  /**
   * The counts of ids.
   *
   * @param histogram the published histogram
   * @param tokens the number of ids in the shards that were counted. It may exceed the total of the
   *     histogram: if encoding counted, the histogram leaves out documents for validation, and this
   *     number has them
   */
  public record Counts(FileRef histogram, long tokens) implements Serializable {}

  /** The stage in receipts of shards whose ids were counted here, not by encoding. */
  private static final String STAGE_NAME = "ids";

  private CountIds() {}

  /**
   * The step that counts the ids of all shards.
   *
   * @param stage the stage that needs the counts
   * @param trainingOnly whether validation documents in shards of an earlier run are left out; the
   *     receipts of encoding never count them
   */
  public static PTransform<PCollection<ShardSet>, PCollection<Counts>> of(
      RunSpec spec, Stage stage, boolean trainingOnly) {
    Steps<RunSpec> steps = Steps.of(spec, stage, (run, context) -> run);
    StepFn.Work<RunSpec, ShardSet, String> count =
        (run, unit) ->
            unit.hasReceipt()
                ? unit.receipt()
                : countShards(run, trainingOnly ? unit.training() : unit);
    return PTransform.compose(
        shards ->
            shards
                .apply("CountUnit", steps.one(String.class, count))
                .apply("AllUnits", new ToOneWorker())
                .apply("AddUp", steps.one(Counts.class, CountIds::addUp)));
  }

  /**
   * Reads the histogram that this step has published.
   *
   * @throws RunException if it is damaged or gone
   */
  public static IdHistogram read(FileRef histogram) throws IOException {
    byte[] counts = ChecksummedFile.find(histogram.location());
    if (counts == null) {
      throw new RunException(
          histogram.location() + ": these counts of ids were damaged since; run again");
    }
    return IdHistogram.read(counts);
  }

  /** Counts the ids of shards, unless this was done before; returns the location of the receipt. */
  private static String countShards(RunSpec spec, ShardSet shards) throws IOException {
    String fingerprint = shards.fingerprint();
    String receipt = spec.paths().at(UnitReceipt.path(fingerprint, shards.unit()));
    if (Receipts.find(spec.paths(), fingerprint, shards.unit()) != null) {
      return receipt;
    }
    IdHistogram histogram = histogram(shards);
    try (UnitFiles noFiles = new UnitFiles(spec.paths())) { // the receipt has the histogram
      noFiles.setHistogram(histogram);
      noFiles.publish(shards.unit(), STAGE_NAME, fingerprint);
    }
    return receipt;
  }

  /** Reads shards, and counts their ids. */
  private static IdHistogram histogram(ShardSet shards) throws IOException {
    IdHistogram histogram = new IdHistogram();
    ShardRow row = new ShardRow();
    for (String location : shards.locations()) {
      try (ShardReader shard = new ShardReader(LocalFiles.of(location))) {
        while (shard.next(row)) {
          histogram.addAll(row.ids, row.count);
        }
      }
    }
    return histogram;
  }

  /** Adds up the counts in receipts, and publishes the sum of the histograms. */
  private static Counts addUp(RunSpec spec, List<String> receipts) throws IOException {
    IdHistogram all = new IdHistogram();
    long tokens = 0;
    for (String location : receipts) {
      UnitReceipt receipt = Receipts.read(location);
      all.add(receipt.idHistogram());
      tokens = Math.addExact(tokens, tokens(receipt));
    }
    byte[] bytes = all.toBytes();
    String sha256 = Sha256.of(bytes);
    String location = spec.paths().at(OutputPaths.idCounts(sha256));
    ChecksummedFile.publish(location, bytes);
    return new Counts(new FileRef(location, sha256), tokens);
  }

  /** The ids of a unit: of all that it has encoded, or of the shards that were counted here. */
  private static long tokens(UnitReceipt receipt) {
    if (receipt.stage().equals(STAGE_NAME)) {
      return receipt.idHistogram().total();
    }
    long tokens = 0;
    for (InputRange range : receipt.inputs()) {
      tokens += range.sums().tokens() + range.sums().validation().tokens();
    }
    return tokens;
  }
}
