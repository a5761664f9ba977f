package org.merganser.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.merganser.job.JobException;

/** Beam's own flags, and what the direct runner needs to be fast. */
final class RunnerFlags {
  private RunnerFlags() {}

  /**
   * Checks the flags and gives them to Beam's file systems, which the plan already needs (an
   * endpoint, a region, where HDFS is).
   *
   * @throws JobException for a flag that Beam doesn't know or a runner that isn't in this build
   */
  static void use(List<String> flags) {
    FileSystems.setDefaultPipelineOptions(options(flags));
  }

  static PipelineOptions options(List<String> flags) {
    for (String flag : flags) {
      if (!flag.startsWith("--")) {
        throw wrong(
            "\""
                + flag
                + "\" is neither a flag of this command nor one of Beam's, which are"
                + " written --name=value");
      }
    }
    try {
      return PipelineOptionsFactory.fromArgs(withDefaults(flags).toArray(String[]::new))
          .withValidation()
          .create();
    } catch (IllegalArgumentException e) {
      throw wrong(
          "Beam refuses "
              + String.join(" ", flags)
              + " ("
              + e.getMessage()
              + "); check the spelling. A runner other than DirectRunner needs its own build, such"
              + " as mvn -Pflink package");
    }
  }

  private static JobException wrong(String problem) {
    return new JobException("flags", List.of(problem));
  }

  /**
   * The direct runner's checks of immutability and encodability cost six times the work itself (the
   * tests have them on), and more threads than cores only cost memory.
   */
  private static List<String> withDefaults(List<String> flags) {
    boolean direct =
        flags.stream().noneMatch(f -> f.startsWith("--runner=") && !f.endsWith("DirectRunner"));
    if (!direct) {
      return flags;
    }
    List<String> all = new ArrayList<>(flags);
    addUnlessGiven(all, "--targetParallelism", Runtime.getRuntime().availableProcessors());
    addUnlessGiven(all, "--enforceImmutability", false);
    addUnlessGiven(all, "--enforceEncodability", false);
    return all;
  }

  private static void addUnlessGiven(List<String> flags, String name, Object value) {
    if (flags.stream().noneMatch(f -> f.startsWith(name + "="))) {
      flags.add(name + "=" + value);
    }
  }

  /** Runs the pipeline to its end and fails when it failed. */
  static void await(Pipeline pipeline) {
    PipelineResult.State state = pipeline.run().waitUntilFinish();
    if (state != PipelineResult.State.DONE) {
      throw new RunException(
          "the runner ended in state "
              + state
              + "; its log says why. The same command goes on where the run stopped");
    }
  }
}
