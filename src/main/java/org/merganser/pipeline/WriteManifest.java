package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/** Gathers all receipts on one worker and writes the lists and the manifest, last of all. */
final class WriteManifest extends PTransform<PCollection<String>, PCollection<String>> {
  private final RunSpec spec;
  private final PCollectionView<TokenizerRef> tokenizer;

  private WriteManifest(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  static WriteManifest of(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
    return new WriteManifest(spec, tokenizer);
  }

  /** From locations of receipts to the location of the manifest. */
  @Override
  public PCollection<String> expand(PCollection<String> receipts) {
    PCollection<List<String>> all = receipts.apply("AllReceipts", ToOneWorker.sorted());
    PCollection<String> manifest =
        all.apply("Manifest", ParDo.of(new ManifestFn(spec, tokenizer)).withSideInputs(tokenizer))
            .setCoder(StringUtf8Coder.of());
    ParkedThreads.beside(all);
    return manifest;
  }

  private static final class ManifestFn extends RunFn<List<String>, String> {
    private final PCollectionView<TokenizerRef> tokenizer;

    ManifestFn(RunSpec spec, PCollectionView<TokenizerRef> tokenizer) {
      super(spec);
      this.tokenizer = tokenizer;
    }

    @ProcessElement
    public void write(
        @Element List<String> receipts, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      TokenizerRef ref = context.sideInput(tokenizer);
      out.output(ParkedThreads.alone(() -> new ManifestPublication(spec, ref).publish(receipts)));
    }
  }
}
