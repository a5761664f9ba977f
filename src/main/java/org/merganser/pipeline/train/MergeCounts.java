package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.bpe.count.PackedCounts;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.store.FileStore;

/**
 * Merges the partial tables of each hash partition into one sorted table, published as a file whose
 * location is handed on: the trainer's input never travels through the graph as a whole.
 */
public final class MergeCounts
    extends PTransform<PCollection<KV<Integer, String>>, PCollection<String>> {
  private final RunSpec spec;

  public MergeCounts(RunSpec spec) {
    this.spec = spec;
  }

  @Override
  public PCollection<String> expand(PCollection<KV<Integer, String>> partials) {
    return partials
        .apply("GroupByPartition", GroupByKey.create())
        .apply("MergePartition", ParDo.of(new MergeFn(spec)))
        .setCoder(StringUtf8Coder.of());
  }

  private static final class MergeFn extends RunFn<KV<Integer, Iterable<String>>, String> {

    MergeFn(RunSpec spec) {
      super(spec);
    }

    @ProcessElement
    public void merge(@Element KV<Integer, Iterable<String>> partition, OutputReceiver<String> out)
        throws IOException {
      try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.COUNT).begin()) {
        out.output(merge(partition));
        busy.meter().stepsDone(1);
      }
    }

    private String merge(KV<Integer, Iterable<String>> partition) throws IOException {
      List<byte[]> blocks = new ArrayList<>();
      for (String place : partition.getValue()) {
        blocks.add(BlockPlace.parse(place).read());
      }
      byte[] merged = CompressedBlocks.compress(PackedCounts.merge(blocks));
      String location =
          spec.layout()
              .at(spec.layout().mergedCounts(spec.tokenizer().fingerprint(), partition.getKey()));
      FileStore.of(location).publish(location, file -> file.write(merged));
      return location;
    }
  }
}
