package org.merganser.pipeline.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.IdHistogram;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.RunFiles;
import org.merganser.pipeline.step.RunFilesFn;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
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
    return shards
        .apply("CountUnit", ParDo.of(new CountFn(files)))
        .setCoder(StringUtf8Coder.of())
        .apply("AllUnits", new ToOneWorker())
        .apply("AddUp", ParDo.of(new AddFn(files)))
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

  private static final class CountFn extends RunFilesFn<ShardSet, String> {
    private final OutputLayout layout;

    CountFn(RunFiles files) {
      super(files);
      this.layout = files.layout();
    }

    @ProcessElement
    public void count(@Element ShardSet shards, OutputReceiver<String> out) throws IOException {
      StageMeter.Work busy = StageMeter.of(layout, Stage.COUNT_PAIRS).begin();
      try {
        out.output(count(shards));
      } finally {
        busy.close();
      }
    }

    private String count(ShardSet shards) throws IOException {
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
  }

  private static final class AddFn extends RunFilesFn<List<String>, FileRef> {
    private final OutputLayout layout;

    AddFn(RunFiles files) {
      super(files);
      this.layout = files.layout();
    }

    @ProcessElement
    public void add(@Element List<String> units, OutputReceiver<FileRef> out) throws IOException {
      StageMeter.Work busy = StageMeter.of(layout, Stage.COUNT_PAIRS).begin();
      try {
        out.output(sum(units));
      } finally {
        busy.close();
      }
    }

    private FileRef sum(List<String> units) throws IOException {
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
}
