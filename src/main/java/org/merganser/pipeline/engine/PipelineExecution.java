package org.merganser.pipeline.engine;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.merganser.pipeline.output.RunException;

/** Runs a pipeline on the runner in its options. */
public final class PipelineExecution {
  private PipelineExecution() {}

  /**
   * Runs a pipeline and waits until it has ended. In several threads of the direct runner, it has
   * an {@link IdlePause}.
   *
   * @throws RunException if the runner ends in another state than done
   */
  public static void run(Pipeline pipeline) {
    PipelineOptions options = pipeline.getOptions();
    if (RunnerFlags.runsHere(options)) {
      int threads = options.as(DirectOptions.class).getTargetParallelism();
      if (threads > 1) {
        IdlePause.addTo(pipeline, threads);
      }
    }
    PipelineResult.State state = pipeline.run().waitUntilFinish();
    if (state != PipelineResult.State.DONE) {
      throw RunException.of(
          "the runner ended in state %s; its log has the reason. The same command continues the"
              + " run",
          state);
    }
  }
}
