package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.pipeline.train.PartialCountFile;
import org.merganser.report.measure.SampledExcerpts;
import org.merganser.report.measure.TextMeter;
import org.merganser.report.measure.TextSample;
import org.merganser.report.measure.TokenBytes;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;
import org.merganser.text.scan.CutRule;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Measures a sample of the documents of units; the text is what the ids give back. Units are
 * measured while they are encoded, and from their shards where that was done by an earlier run with
 * another sample, or by one that was killed. What a unit gave is kept in {@code run/measured}. For
 * one thread.
 */
public final class UnitMeter {
  private static final int MAX_PARTITIONS = 8;

  /** The pieces of so much text are merged by one worker in a second or two. */
  private static final long PARTITION_BYTES = 64L << 20;

  private final RunSpec spec;
  private final FileRef ref;
  private final Supplier<Encoder> encoder;
  private @Nullable Means means;

  /** Measures units from their shards; the encoder is made when there is one to measure. */
  UnitMeter(RunSpec spec, FileRef ref) {
    this(spec, ref, () -> JobComponents.encoder(spec, WorkerTokenizers.get(ref)));
  }

  /** Measures units while they are encoded, with the same encoder. */
  public UnitMeter(RunSpec spec, FileRef ref, Encoder encoder) {
    this(spec, ref, () -> encoder);
  }

  private UnitMeter(RunSpec spec, FileRef ref, Supplier<Encoder> encoder) {
    this.spec = spec;
    this.ref = ref;
    this.encoder = encoder;
  }

  /**
   * What measuring needs of the tokenizer.
   *
   * @param encoder for the round trip; null where there is none
   */
  private record Means(SampledExcerpts excerpts, TokenBytes bytes, @Nullable Encoder encoder) {
    static Means of(TextSample sample, Tokenizer tokenizer, @Nullable Supplier<Encoder> encoder) {
      TokenBytes bytes = new TokenBytes(tokenizer);
      // Where all is measured nothing is cut, and proving where it may be takes some 100 ms once.
      CutRule rule = sample.isAll() ? null : tokenizer.cutRule().orElse(null);
      return new Means(
          new SampledExcerpts(sample, bytes, rule),
          bytes,
          tokenizer.byteLevel() && encoder != null ? encoder.get() : null);
    }
  }

  /** Where what a unit gave is kept, relative to the output. */
  public static String kept(RunSpec spec, String tokenizerSha256, ShardSet shards) {
    String fingerprint =
        Fingerprint.of(
            "measure, form 3",
            tokenizerSha256,
            spec.job().report().granularities(),
            spec.sample(),
            partitions(spec));
    return spec.layout().measured(Fingerprint.of(fingerprint, shards.sums()), shards.unit());
  }

  /** Hash partitions of the counted pieces: one unless the sample is large. */
  private static int partitions(RunSpec spec) {
    Long most = spec.job().report().sampleBytes();
    return most == null
        ? MAX_PARTITIONS
        : (int) Math.min(MAX_PARTITIONS, 1 + most / PARTITION_BYTES);
  }

  private String location(ShardSet shards) {
    return spec.layout().at(kept(spec, ref.sha256(), shards));
  }

  /** Begins to measure a unit. */
  public UnitMeasurement begin() {
    Means with = means;
    if (with == null) {
      // Nothing in a row says where the segments of its text end, which are encoded one by one.
      boolean segments = JobComponents.hasSegments(spec.job());
      with = Means.of(spec.sample(), WorkerTokenizers.get(ref), segments ? null : encoder);
      means = with;
    }
    boolean granularities = spec.job().report().granularities();
    return new UnitMeasurement(
        with.excerpts(),
        new TextMeter(with.bytes(), with.encoder(), granularities),
        JobComponents.corpus(spec.job()).choice().validation() > 0
            ? TextMeter.Part.TRAINING
            : TextMeter.Part.BOTH,
        partitions(spec));
  }

  /** Keeps what was measured of the unit of these shards. */
  public void keep(UnitMeasurement measured, ShardSet shards) throws IOException {
    String location = location(shards);
    PartialCountFile.Tables tables = measured.tables();
    FileStore.of(location).publish(location, sink -> PartialCountFile.write(sink, tables));
  }

  /** Finds what was measured of a unit, or measures it now; hands on its compressed blocks. */
  void measure(ShardSet shards, PartialCountFile.BlockVisitor blocks) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.MEASURE);
    byte[] measured =
        PartialCountFile.keep(location(shards), meter, file -> read(shards, meter).writeTo(file));
    PartialCountFile.forEach(measured, blocks);
  }

  private PartialCountFile.Tables read(ShardSet shards, StageMeter meter) throws IOException {
    UnitMeasurement measured = begin();
    ShardRow row = new ShardRow();
    for (ShardSet.Shard shard : shards.shards()) {
      try (ParquetShardReader in = new ParquetShardReader(LocalFiles.of(shard.location()))) {
        while (in.next(row)) {
          measured.add(row, shard.validation());
          meter.add(row.part == 0 ? 1 : 0, 0, row.count);
        }
      }
    }
    return measured.tables();
  }
}
