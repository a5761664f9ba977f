package org.merganser.pipeline.encode;

import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

/**
 * Encodes each unit into its shards; the output elements say where the shards are. A unit with a
 * valid receipt is not read again.
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
    Broadcast<FileRef> ref = tokenizer; // the step holds these, not this transform
    Broadcast<DuplicateList> leftOut = duplicates;
    return units
        .apply(
            "EncodeUnit",
            StepFn.of(
                spec,
                Stage.ENCODE,
                (run, context) ->
                    new Encoding(new UnitEncoder(run, ref.get(context)), leftOut.get(context)),
                Encoding::encode,
                ref,
                leftOut))
        .setCoder(SerializableCoder.of(ShardSet.class));
  }

  /** The encoder of a worker's units, and the duplicates that are left out of them. */
  private record Encoding(UnitEncoder encoder, DuplicateList duplicates) {
    ShardSet encode(WorkUnit unit) throws IOException {
      return encoder.encode(unit, duplicates);
    }
  }
}
