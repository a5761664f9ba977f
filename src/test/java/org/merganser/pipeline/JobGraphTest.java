package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.SimulatedCorpus;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.worker.WorkerCheck;

/** What travels to an engine: a graph whose size knows nothing of the corpus's. */
final class JobGraphTest {
  @TempDir Path folder;

  @Test
  void thePlanOfAHundredThousandFilesIsAFileAndNotInTheGraph() throws IOException {
    long few = graphBytes(10);
    long many = graphBytes(100_000);
    // Each step has the run compressed, where one location takes a few bytes more than another:
    // these are tens of bytes a step, and the plan of the many files has ten million.
    assertThat(many).isLessThan(few + few / 50).isLessThan(300_000);
  }

  private long graphBytes(int files) throws IOException {
    Job job =
        JobReader.read(
            Path.of("pipelines", "sample.yaml"), List.of("output=" + folder.resolve("out")));
    PreparedRun prepared = RunPreparation.prepare(job);
    String plan = folder.resolve("plan-" + String.format("%07d", files)).toString();
    List<WorkUnit> units =
        CorpusPlanner.plan(
            new SimulatedCorpus(files, files * 1_000_000L, InputFormat.JSONL, Compression.NONE)
                .list());
    PlanFile.write(plan, units);
    assertThat(Files.size(Path.of(plan))).isGreaterThan(files * 100L);
    RunSpec spec = prepared.spec();
    TokenizerSource.FromText text = (TokenizerSource.FromText) spec.tokenizer();
    RunSpec planned =
        new RunSpec(
            spec.job(),
            spec.paths(),
            new RunKind.Encode(
                new TokenizerSource.FromText(
                    text.fingerprint(), plan, text.counting(), text.countFingerprint()),
                plan,
                spec.sample(),
                null,
                null),
            spec.table(),
            null,
            spec.requestBeforeReading());
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    MerganserPipeline.build(pipeline, planned);
    return PipelineTranslation.toProto(pipeline).getSerializedSize();
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
    assertThat(spec.paths().root()).isEqualTo(here + "/target/sample");
    assertThat(spec.neededFiles()).allMatch(location -> location.startsWith(here + "/"));
    assertThat(spec.job()).isEqualTo(job.anywhere());
    assertThat(spec.job().output()).isEqualTo(job.output());
  }
}
