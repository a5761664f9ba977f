package org.merganser.pipeline;

import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.ToOneWorker;

/** Gathers all receipts on one worker and writes the lists and the manifest, last of all. */
final class WriteManifest extends PTransform<PCollection<String>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;

  WriteManifest(RunSpec spec, Broadcast<FileRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  /** From locations of receipts to the location of the manifest. */
  @Override
  public PCollection<String> expand(PCollection<String> receipts) {
    PCollection<List<String>> all = receipts.apply("AllReceipts", new ToOneWorker());
    Broadcast<FileRef> learned = tokenizer;
    return all.apply(
            "Manifest",
            StepFn.of(
                spec,
                Stage.MANIFEST,
                (run, context) -> new ManifestPublication(run, learned.get(context)),
                ManifestPublication::publish,
                learned))
        .setCoder(StringUtf8Coder.of());
  }
}
