package org.merganser.pipeline.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.IdHistogram;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.FilesFn;
import org.merganser.pipeline.step.RunFiles;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.ToOneWorker;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.CheckedFile;

/** Counts how often each id occurs in the training shards: a published histogram. */
final class CountIds extends PTransform<PCollection<ShardSet>, PCollection<FileRef>> {
  private final RunFiles files;

  CountIds(RunFiles files) {
    this.files = files;
  }

  @Override
  public PCollection<FileRef> expand(PCollection<ShardSet> shards) {
    OutputLayout layout = files.layout(); // the steps hold this, not this transform
    return shards
        .apply(
            "CountUnit",
            FilesFn.<ShardSet, String>of(
                files, Stage.COUNT_PAIRS, (unit, context, out) -> out.accept(count(layout, unit))))
        .setCoder(StringUtf8Coder.of())
        .apply("AllUnits", new ToOneWorker())
        .apply(
            "AddUp",
            FilesFn.<List<String>, FileRef>of(
                files, Stage.COUNT_PAIRS, (units, context, out) -> out.accept(sum(layout, units))))
        .setCoder(SerializableCoder.of(FileRef.class));
  }

  static IdHistogram read(FileRef ref) throws IOException {
    return read(ref.location());
  }

  private static IdHistogram read(String location) throws IOException {
    byte[] counts = CheckedFile.find(location);
    if (counts == null) {
      throw new RunException(location + ": these counts of ids were damaged since; run again");
    }
    return IdHistogram.read(counts, location);
  }

  private static String count(OutputLayout layout, ShardSet shards) throws IOException {
    ShardSet training = shards.training();
    String location = layout.at(layout.learnedIds(Fingerprint.of("ids", training.sums())));
    if (!CheckedFile.isWhole(location)) {
      IdHistogram histogram = new IdHistogram();
      ShardRow row = new ShardRow();
      for (Path path : TupleTables.local(training.locations())) {
        try (ParquetShardReader shard = new ParquetShardReader(path)) {
          while (shard.next(row)) {
            histogram.addAll(row.ids, row.count);
          }
        }
      }
      byte[] bytes = histogram.toBytes();
      CheckedFile.publish(location, bytes);
    }
    return location;
  }

  private static FileRef sum(OutputLayout layout, List<String> units) throws IOException {
    IdHistogram all = new IdHistogram();
    for (String unit : units) {
      all.add(read(unit));
    }
    byte[] bytes = all.toBytes();
    String sha256 = Sha256.of(bytes);
    String location = layout.at(layout.learnedIds(Fingerprint.of("all ids", sha256)));
    CheckedFile.publish(location, bytes);
    return new FileRef(location, sha256);
  }
}
