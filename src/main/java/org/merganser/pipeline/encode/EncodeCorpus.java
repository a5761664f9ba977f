package org.merganser.pipeline.encode;

import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.Steps;

/**
 * Encodes each unit into its shards and outputs their locations. A unit with a valid receipt is not
 * read again.
 */
public final class EncodeCorpus {
  private EncodeCorpus() {}

  public static PTransform<PCollection<WorkUnit>, PCollection<ShardSet>> of(
      RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<DuplicateList> duplicates) {
    return Steps.of(spec, Stage.ENCODE, tokenizer, duplicates, UnitEncoder::new)
        .one(ShardSet.class, UnitEncoder::encode);
  }
}
