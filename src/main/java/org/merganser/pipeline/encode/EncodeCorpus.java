package org.merganser.pipeline.encode;

import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.UnitReceipt;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

/**
 * Encodes each unit into its shards and hands on where they are. A unit whose receipt is valid is
 * not read again.
 */
public final class EncodeCorpus extends PTransform<PCollection<WorkUnit>, PCollection<ShardSet>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;
  private final Broadcast<DuplicateList> duplicates;

  public EncodeCorpus(
      RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<DuplicateList> duplicates) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.duplicates = duplicates;
  }

  @Override
  public PCollection<ShardSet> expand(PCollection<WorkUnit> units) {
    return units
        .apply(
            "EncodeUnit",
            ParDo.of(new EncodeFn(spec, tokenizer, duplicates))
                .withSideInputs(Broadcast.views(tokenizer, duplicates)))
        .setCoder(SerializableCoder.of(ShardSet.class));
  }

  private static final class EncodeFn extends RunFn<WorkUnit, ShardSet> {
    private final Broadcast<FileRef> tokenizer;
    private final Broadcast<DuplicateList> duplicates;
    private final Counter tokens = Metrics.counter(EncodeCorpus.class, "tokens");
    private final Counter documents = Metrics.counter(EncodeCorpus.class, "documents");
    private transient @Nullable UnitEncoder encoder;

    EncodeFn(RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<DuplicateList> duplicates) {
      super(spec);
      this.tokenizer = tokenizer;
      this.duplicates = duplicates;
    }

    @ProcessElement
    public void encode(@Element WorkUnit unit, OutputReceiver<ShardSet> out, ProcessContext context)
        throws IOException {
      StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.ENCODE).begin();
      try {
        encode(unit, out, tokenizer.get(context), duplicates.get(context));
      } finally {
        busy.close();
      }
    }

    private void encode(
        WorkUnit unit, OutputReceiver<ShardSet> out, FileRef learned, DuplicateList leftOut)
        throws IOException {
      UnitEncoder unitEncoder = encoder;
      if (unitEncoder == null) {
        unitEncoder = new UnitEncoder(spec, learned);
        encoder = unitEncoder;
      }
      UnitReceipt receipt = unitEncoder.encode(unit, leftOut);
      for (InputRange range : receipt.inputs()) {
        tokens.inc(range.tokens() + range.validation().tokens());
        documents.inc(range.documents() + range.validation().documents());
      }
      out.output(unitEncoder.shards(receipt));
    }
  }
}
