package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.merganser.job.JobException;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.worker.NativeCodecs;

/** What a run asks of a Flink cluster, and of the libraries of an engine. */
final class FlinkClusterTest {
  private @Nullable HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void keepsTheSlotsOfOneTaskManagerInReserve() throws IOException {
    assertThat(FlinkCluster.parallelism(answering(overview(4, 8)))).isEqualTo(6);
    stop();
    assertThat(FlinkCluster.parallelism(answering(overview(1, 3)))).isEqualTo(3);
    stop();
    assertThat(FlinkCluster.parallelism(answering(overview(0, 0)))).isEqualTo(1);
  }

  @Test
  void whatAnswersWithoutTheSizeOfAClusterIsNoJobManager() throws IOException {
    String server = answering("{\"status\":\"ok\"}");
    assertThatThrownBy(() -> FlinkCluster.parallelism(server))
        .hasMessageStartingWith("--flinkMaster=" + server + ": no Flink JobManager answers there")
        .hasMessageContaining("the answer has no taskmanagers");
  }

  private static String overview(int taskManagers, int slots) {
    return "{\"taskmanagers\":%s,\"slots-total\":%s}".formatted(taskManagers, slots);
  }

  @Test
  void aRunAsksOnlyWhereNoParallelismIsGiven() throws IOException {
    EngineBuild build = new EngineBuild(Path.of("merganser-flink.jar"), "Flink");
    String nobody = nobody();
    assertThatThrownBy(
            () ->
                RunnerFlags.options(
                    List.of("--runner=FlinkRunner", "--flinkMaster=" + nobody), build))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("--flinkMaster=" + nobody + ": no Flink JobManager answers there");
    assertThatThrownBy(
            () ->
                RunnerFlags.options(
                    List.of("--runner=FlinkRunner", "--flinkMaster=" + nobody, "--parallelism=2"),
                    build))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("has no FlinkRunner");
  }

  private static String nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + free.getLocalPort();
    }
  }

  @Test
  void saysWhichBuildHasARunner() {
    assertThat(new EngineBuild(null, null).missingRunner("FlinkRunner"))
        .contains("mvn -f src/clusters -pl flink -am", "target/flink/merganser-flink.jar");
    assertThat(new EngineBuild(Path.of("a.jar"), "Spark").missingRunner("FlinkRunner"))
        .contains("a.jar", "the SparkRunner", "merganser-flink");
    assertThat(new EngineBuild(null, null).missingRunner("SamzaRunner")).contains("Flink, Spark");
  }

  @Test
  void refusesAnotherZstd() {
    NativeCodecs.check();
    assertThatThrownBy(() -> NativeCodecs.requireVersion("1.5.5-4"))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("1.5.5-4")
        .hasMessageContaining("userClassPathFirst");
  }

  private String answering(String json) throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    started.createContext(
        "/v1/overview",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    started.start();
    server = started;
    return "127.0.0.1:" + started.getAddress().getPort();
  }
}
