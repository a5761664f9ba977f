package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.engine.ParkedThreads;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.ToOneWorker;

/** Learns merges from the merged counts on one worker and publishes the tokenizer's folder. */
public final class LearnTokenizer extends PTransform<PCollection<String>, PCollection<FileRef>> {
  private final RunSpec spec;
  private final int threads;

  private LearnTokenizer(RunSpec spec, int threads) {
    this.spec = spec;
    this.threads = threads;
  }

  /**
   * @param threads of the direct runner, which all but one have nothing to do meanwhile
   */
  public static LearnTokenizer of(RunSpec spec, int threads) {
    return new LearnTokenizer(spec, threads);
  }

  @Override
  public PCollection<FileRef> expand(PCollection<String> mergedCounts) {
    PCollection<List<String>> all = mergedCounts.apply("AllPartitions", ToOneWorker.sorted());
    PCollection<FileRef> learned =
        all.apply("LearnMerges", ParDo.of(new LearnFn(spec)))
            .setCoder(SerializableCoder.of(FileRef.class));
    ParkedThreads.beside(all, threads);
    return learned;
  }

  private static final class LearnFn extends RunFn<List<String>, FileRef> {

    LearnFn(RunSpec spec) {
      super(spec);
    }

    @ProcessElement
    public void learn(@Element List<String> mergedCounts, OutputReceiver<FileRef> out)
        throws IOException {
      out.output(ParkedThreads.alone(() -> new TokenizerLearner(spec).learn(mergedCounts)));
    }
  }
}
