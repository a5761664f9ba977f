package org.merganser.pipeline.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.ToOneWorker;
import org.merganser.pipeline.train.CompressedBlocks;
import org.merganser.report.measure.MeasuredPart;
import org.merganser.report.measure.PieceMerge;

/**
 * Gathers what was measured of each unit while it was encoded, or measures it from its shards;
 * tables of pieces are merged by hash partition, as those of pretokens are. One worker makes
 * statistics.json from the sums and from the receipts; the location of its receipt is handed on.
 */
public final class MeasureCorpus extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;

  public MeasureCorpus(RunSpec spec, Broadcast<FileRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    Broadcast<FileRef> of = tokenizer; // the steps hold this, not this transform
    PCollection<String> measured =
        shards
            .apply(
                "MeasureUnit",
                StepFn.many(
                    spec,
                    Stage.MEASURE,
                    (run, context) -> new UnitMeter(run, of.get(context)),
                    MeasureCorpus::measure,
                    of))
            .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
            .apply("GroupByPartition", GroupByKey.create())
            .apply(
                "MergePieces",
                StepFn.of(
                    spec,
                    Stage.MEASURE,
                    (run, context) -> run,
                    (RunSpec run, KV<Integer, Iterable<byte[]>> partition) ->
                        merged(partition).toLine()))
            .setCoder(StringUtf8Coder.of());
    Broadcast<List<String>> receipts =
        Broadcast.all(
            "ReceiptsToStatistics",
            shards.apply(
                "ReceiptsOfShards",
                MapElements.into(TypeDescriptors.strings()).via(ShardSet::receipt)));
    return measured
        .apply("AllMeasured", new ToOneWorker())
        .apply(
            "WriteStatistics",
            StepFn.of(
                spec,
                Stage.MEASURE,
                (run, context) ->
                    new StatisticsPublication(run, of.get(context), receipts.get(context)),
                StatisticsPublication::publish,
                of,
                receipts))
        .setCoder(StringUtf8Coder.of());
  }

  /** Hands on compressed blocks by pairs, each behind a byte that tells its part. */
  private static void measure(UnitMeter meter, ShardSet shards, Consumer<KV<Integer, byte[]>> out)
      throws IOException {
    meter.measure(
        shards,
        (block, compressed) -> {
          byte[] tagged = new byte[compressed.length + 1];
          tagged[0] = (byte) (block % 2);
          System.arraycopy(compressed, 0, tagged, 1, compressed.length);
          out.accept(KV.of(block / 2, tagged));
        });
  }

  private static MeasuredPart merged(KV<Integer, Iterable<byte[]>> partition) {
    List<List<byte[]>> parts = List.of(new ArrayList<>(), new ArrayList<>());
    for (byte[] tagged : partition.getValue()) {
      byte[] compressed = new byte[tagged.length - 1];
      System.arraycopy(tagged, 1, compressed, 0, compressed.length);
      parts.get(tagged[0]).add(CompressedBlocks.decompress(compressed));
    }
    return partition.getKey() == UnitMeasurement.SUMS
        ? parts.get(0).stream() // one after the other: parts of many groups are large
            .map(json -> MeasuredPart.read(new String(json, StandardCharsets.UTF_8)))
            .reduce(
                MeasuredPart.sum(List.of()), (sum, part) -> MeasuredPart.sum(List.of(sum, part)))
        : new MeasuredPart(new TreeMap<>(), PieceMerge.of(parts.get(0), parts.get(1)));
  }
}
