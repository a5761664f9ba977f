package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.SimulatedCorpus;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.step.WorkerCheck;

/** What travels to an engine: a graph whose size knows nothing of the corpus's. */
final class JobGraphTest {
  @TempDir Path folder;

  @Test
  void thePlanOfAHundredThousandFilesIsAFileAndNotInTheGraph() throws IOException {
    long few = graphBytes(10);
    long many = graphBytes(100_000);
    // Each step has the run compressed, where one location takes a few bytes more than another.
    assertThat(many).isLessThan(few + 512).isLessThan(300_000);
  }

  private long graphBytes(int files) throws IOException {
    Job job =
        JobReader.read(
            Path.of("pipelines", "sample.yaml"), List.of("output=" + folder.resolve("out")));
    PreparedRun prepared = RunPreparation.prepare(job);
    String plan = folder.resolve("plan-" + String.format("%07d", files)).toString();
    List<WorkUnit> units =
        CorpusPlanner.plan(
            iterableToList(
                new SimulatedCorpus(
                    files, files * 1_000_000L, CorpusSettings.Format.JSONL, Compression.NONE)));
    PlanFile.write(plan, units);
    assertThat(Files.size(Path.of(plan))).isGreaterThan(files * 100L);
    RunSpec spec = prepared.spec();
    TokenizerSource.FromText text = (TokenizerSource.FromText) spec.tokenizer();
    RunSpec planned =
        new RunSpec(
            spec.job(),
            spec.written(),
            spec.layout(),
            new RunKind.Encode(
                new TokenizerSource.FromText(
                    text.fingerprint(), plan, text.counting(), text.countFingerprint()),
                plan,
                spec.sample()),
            spec.table(),
            null);
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    MerganserPipeline.build(pipeline, planned);
    return DataMovement.graphBytes(pipeline);
  }

  private static List<org.merganser.corpus.InputFile> iterableToList(SimulatedCorpus corpus) {
    List<org.merganser.corpus.InputFile> files = new java.util.ArrayList<>();
    corpus.forEach(files::add);
    assertThat(files.stream().mapToLong(org.merganser.corpus.InputFile::size).sum())
        .isEqualTo(corpus.bytes());
    return files;
  }

  @Test
  void aWorkerThatDoesNotSeeTheRunSaysWhereItIsAndWhatIsMissing() throws IOException {
    Job job =
        JobReader.read(
            Path.of("pipelines", "sample.yaml"), List.of("output=" + folder.resolve("elsewhere")));
    RunSpec spec = RunPreparation.prepare(job).spec();
    assertThatThrownBy(() -> WorkerCheck.require(spec.neededFiles()))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(folder.resolve("elsewhere/run/merganser.json").toString())
        .hasMessageContaining("does not see this file")
        .hasMessageContaining(HostName.get());
  }

  @Test
  void locationsOfTheJobMeanTheFolderOfTheDriver() throws IOException {
    Job job = JobReader.read(Path.of("pipelines", "sample.yaml"), List.of());
    RunSpec spec = RunPreparation.prepare(job).spec();
    Path here = Path.of("").toAbsolutePath();
    assertThat(spec.layout().root()).isEqualTo(here + "/target/sample");
    assertThat(spec.neededFiles()).allMatch(location -> location.startsWith(here + "/"));
    assertThat(spec.written()).isEqualTo(job);
  }

  @Test
  void aSimulatedCorpusOfAnySizeIsPlannedWithoutBeingKept() throws IOException {
    ScaleEstimate estimate =
        ScaleEstimate.of(
            new SimulatedCorpus(
                200_000, 2_000_000_000_000L, CorpusSettings.Format.JSONL, Compression.NONE),
            128_000);
    // Files of 10 MB share units of a quarter of 64 MiB to all of it.
    assertThat(estimate.units()).isBetween(29_000L, 120_000L);
    assertThat(estimate.ranges()).isGreaterThanOrEqualTo(200_000);
    assertThat(estimate.text(java.util.Set.of(16), 0.04))
        .contains("wall time, 16 cores")
        .contains("merging, each of 128");
  }

  @Test
  void packedCountsGrowMoreSlowlyThanTheCorpus() throws IOException {
    ScaleEstimate before = estimate(20_000);
    ScaleEstimate after = estimate(320_000);
    assertThat(after.countingUnits()).isBetween(400L, 1000L);
    assertThat(after.packedBytes()).isLessThan(8 * before.packedBytes()); // 16^0.62 is 5.6
  }

  private static ScaleEstimate estimate(long files) throws IOException {
    return ScaleEstimate.of(
        new SimulatedCorpus(
            files, files * 5_000_000, CorpusSettings.Format.JSONL, Compression.NONE),
        128_000);
  }
}
