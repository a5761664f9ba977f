package org.merganser.pipeline.finish;

import java.io.IOException;
import org.apache.beam.sdk.metrics.Lineage;
import org.merganser.corpus.plan.Glob;
import org.merganser.job.Job;
import org.merganser.job.JobKeys;
import org.merganser.pipeline.engine.FileLineage;
import org.merganser.pipeline.spec.RunSpec;

/**
 * Reports to Beam what the job reads besides its inputs, and where it writes. {@code ReadPlan}
 * reports the inputs.
 */
final class RunLineage {
  private RunLineage() {}

  static void report(RunSpec spec) throws IOException {
    Job job = spec.job();
    FileLineage sources = new FileLineage();
    job.locations()
        .forEach(
            (key, location) -> {
              boolean isInput = key.contains(".inputs[") || key.contains(".validationInputs[");
              if (!isInput && !key.equals("output")) {
                String at = job.at(location);
                sources.add(JobKeys.at(key).isGlob() ? Glob.folder(at) : at);
              }
            });
    sources.report(Lineage.getSources());
    FileLineage sinks = new FileLineage();
    sinks.add(spec.paths().at(""));
    sinks.report(Lineage.getSinks());
  }
}
