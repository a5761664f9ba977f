package org.merganser.pipeline.step;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Impulse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.job.JobReader;
import org.merganser.pipeline.engine.PipelineExecution;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.worker.WorkerCheck;

/** What a worker says that lacks something which the driver has. */
final class WorkerCheckTest {
  @TempDir Path folder;

  @Test
  void namesTheBuildWhereItLacksTheFileSystemOfTheTable() {
    assertThatThrownBy(() -> WorkerCheck.require(List.of("s3://bucket/table.parquet")))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("s3://bucket/table.parquet: the worker on " + HostName.get())
        .hasMessageContaining("has no file system for \"s3\"")
        .hasMessageContaining("mvn -Ps3")
        .hasMessageContaining("mvn -f src/clusters -Ps3 -pl flink -am");
    assertThatThrownBy(() -> WorkerCheck.require(List.of("gs://bucket/table.parquet")))
        .hasMessageContaining("mvn -f src/clusters -pl dataflow -am");
    assertThatThrownBy(() -> WorkerCheck.require(List.of("ftp://host/table.parquet")))
        .hasMessageContaining("has no file system for \"ftp\"")
        .hasMessageContaining("there are builds for s3 and gs");
  }

  @Test
  void saysWhyItCannotReachTheTable() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String table = "hdfs://127.0.0.1:" + port + "/table.parquet";
    assertThatThrownBy(() -> WorkerCheck.require(List.of(table)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(table + ": the worker on " + HostName.get())
        .hasMessageContaining("cannot reach this file, which the driver does")
        .hasMessageContaining("Connection refused");
  }

  @Test
  void namesALocalFileThatOnlyTheDriverHas() {
    String table = folder.resolve("table.parquet").toString();
    assertThatThrownBy(() -> WorkerCheck.require(List.of(table)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(table + ": the worker on " + HostName.get())
        .hasMessageContaining("every worker must have the same folder there");
  }

  @Test
  void aPipelineFailsWithItBeforeTheFirstElement() throws IOException {
    String plan = folder.resolve("plan.jsonl").toString();
    PlanFile.write(plan, List.of());
    RunSpec spec =
        RunPreparation.prepare(
                JobReader.read(
                    Path.of("pipelines", "sample.yaml"),
                    List.of("output=" + folder.resolve("out"))))
            .spec();
    String missing = folder.resolve("out/run/merganser.json").toString();
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(List.of()));
    pipeline.apply("Impulse", Impulse.create()).apply("PlanUnits", ReadPlan.of(spec, plan));
    assertThatThrownBy(() -> PipelineExecution.run(pipeline))
        .hasStackTraceContaining(RunException.class.getName() + ": " + missing)
        .hasStackTraceContaining("does not see this file");
  }
}
