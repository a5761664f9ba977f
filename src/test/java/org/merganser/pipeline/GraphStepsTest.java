package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobReader;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunSpec;

/** How many steps Beam has to start: a small job's time is that of its steps. */
final class GraphStepsTest {
  /** Of the sample job, which learns n-grams; it had 102 without with Beam's own composites. */
  private static final int STEPS_OF_THE_SAMPLE = 64;

  @TempDir Path folder;

  @Test
  void theSampleHasFewSteps() throws IOException {
    assertThat(steps(direct(1))).hasSizeLessThanOrEqualTo(STEPS_OF_THE_SAMPLE);
  }

  @Test
  void unitsAreSpreadOverTheThreadsOfOneProcessByAGrouping() throws IOException {
    assertThat(steps(direct(1))).noneMatch(step -> step.contains("SpreadUnits"));
    assertThat(steps(direct(2)))
        .contains("PlanUnits/SpreadUnits/GroupByNumber")
        .contains("PlanCounting/SpreadUnits/GroupByNumber")
        .noneMatch(step -> step.contains("Reshuffle"));
  }

  @Test
  void anEngineGetsBeamsReshuffleAndItsSingletons() throws IOException {
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setRunner(EngineRunner.class);
    assertThat(steps(options))
        .anyMatch(step -> step.startsWith("PlanUnits/SpreadUnits/Reshuffle/"))
        .anyMatch(step -> step.startsWith("PlanCounting/SpreadUnits/Reshuffle/"))
        .anyMatch(step -> step.startsWith("TokenizerToWorkers/Combine.GloballyAsSingletonView/"));
  }

  /** See RunnerTransforms#spread: a run fails when an executor is lost at the wrong time. */
  @Test
  void sparkHasNoReshuffle() throws IOException {
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setRunner(SparkRunner.class);
    assertThat(steps(options))
        .contains("PlanUnits/SpreadUnits/GroupByNumber")
        .contains("PlanCounting/SpreadUnits/GroupByNumber")
        .anyMatch(step -> step.startsWith("TokenizerToWorkers/Combine.GloballyAsSingletonView/"))
        .noneMatch(step -> step.contains("Reshuffle"));
  }

  private static PipelineOptions direct(int threads) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setTargetParallelism(threads);
    return options;
  }

  /** The full names of a sample run's primitive steps. */
  private List<String> steps(PipelineOptions options) throws IOException {
    RunSpec spec =
        RunPreparation.prepare(
                JobReader.read(
                    Path.of("pipelines", "sample.yaml"),
                    List.of("output=" + folder.resolve("out"))))
            .spec();
    Pipeline pipeline = Pipeline.create(options);
    MerganserPipeline.build(pipeline, spec);
    List<String> steps = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            steps.add(node.getFullName());
          }
        });
    return steps;
  }

  /** A runner that isn't the direct one, for graphs that are built and not run. */
  public static class EngineRunner extends PipelineRunner<PipelineResult> {
    public static EngineRunner fromOptions(PipelineOptions options) {
      return new EngineRunner();
    }

    @Override
    public PipelineResult run(Pipeline pipeline) {
      throw new UnsupportedOperationException();
    }
  }

  /** Has the name of Beam's runner for Spark, which is not on the class path of the tests. */
  public static final class SparkRunner extends EngineRunner {
    public static SparkRunner fromOptions(PipelineOptions options) {
      return new SparkRunner();
    }
  }
}
