package org.merganser.pipeline.layouts;

import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.ToOneWorker;

/**
 * Names the splits of a folder for HF's datasets, when the layouts of both sides are there. Takes
 * the locations of their receipts, and hands on that of its own.
 */
public final class DescribeSplits extends PTransform<PCollection<String>, PCollection<String>> {
  private final RunSpec spec;

  public DescribeSplits(RunSpec spec) {
    this.spec = spec;
  }

  @Override
  public PCollection<String> expand(PCollection<String> receipts) {
    return receipts
        .apply("BothSides", new ToOneWorker())
        .apply(
            "DescribeSplits",
            StepFn.many(
                spec,
                Stage.CONVERT,
                (run, context) -> new SplitsDescriber(run),
                (SplitsDescriber describer, List<String> made, Consumer<String> out) ->
                    describer.describe(made).forEach(out)))
        .setCoder(StringUtf8Coder.of());
  }
}
