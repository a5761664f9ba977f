package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.engine.ParkedThreads;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.ToOneWorker;

/** Gathers all receipts on one worker and writes the lists and the manifest, last of all. */
final class WriteManifest extends PTransform<PCollection<String>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;
  private final int threads;

  private WriteManifest(RunSpec spec, Broadcast<FileRef> tokenizer, int threads) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.threads = threads;
  }

  /**
   * @param threads of the direct runner, which all but one have nothing to do meanwhile
   */
  static WriteManifest of(RunSpec spec, Broadcast<FileRef> tokenizer, int threads) {
    return new WriteManifest(spec, tokenizer, threads);
  }

  /** From locations of receipts to the location of the manifest. */
  @Override
  public PCollection<String> expand(PCollection<String> receipts) {
    PCollection<List<String>> all = receipts.apply("AllReceipts", ToOneWorker.sorted());
    PCollection<String> manifest =
        all.apply(
                "Manifest",
                ParDo.of(new ManifestFn(spec, tokenizer))
                    .withSideInputs(Broadcast.views(tokenizer)))
            .setCoder(StringUtf8Coder.of());
    ParkedThreads.beside(all, threads);
    return manifest;
  }

  private static final class ManifestFn extends RunFn<List<String>, String> {
    private final Broadcast<FileRef> tokenizer;

    ManifestFn(RunSpec spec, Broadcast<FileRef> tokenizer) {
      super(spec);
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void write(
        @Element List<String> receipts, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      FileRef ref = tokenizer.get(context);
      out.output(ParkedThreads.alone(() -> new ManifestPublication(spec, ref).publish(receipts)));
    }
  }
}
