package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.job.JobException;
import org.merganser.pipeline.output.RunException;

/** Flags that ask for an engine which this build, its class path or the cluster is not. */
final class RunnerFlagsTest {
  private static final EngineBuild PLAIN = new EngineBuild(null, null, null);
  private static final EngineBuild FLINK =
      new EngineBuild(Path.of("merganser-flink.jar"), "Flink", "1.19.3");
  private static final EngineBuild SPARK =
      new EngineBuild(Path.of("merganser-spark.jar"), "Spark", "3.5.5");

  @TempDir Path folder;

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertThatOptions(
      EngineBuild build, String... flags) {
    return assertThatThrownBy(() -> RunnerFlags.options(List.of(flags), build));
  }

  private static String nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + free.getLocalPort();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FlinkRunner, --flinkMaster=127.0.0.1:8081, flink",
    "FlinkRunner, --parallelism=2, flink",
    "SparkRunner, --sparkMaster=spark://127.0.0.1:7077, spark",
    "DataflowRunner, --region=europe-west1, dataflow",
  })
  void namesTheBuildThatHasTheRunner(String runner, String flag, String profile) {
    for (EngineBuild build : List.of(PLAIN, FLINK, SPARK)) {
      if (!build.isFor(runner.replace("Runner", ""))) {
        assertThatOptions(build, "--runner=" + runner, flag)
            .as("%s", build)
            .isInstanceOf(JobException.class)
            .hasMessageContaining("has no " + runner + ", only the DirectRunner")
            .hasMessageContaining("mvn -P" + profile)
            .hasMessageContaining("target/" + profile + "/merganser-" + profile + ".jar");
      }
    }
  }

  @Test
  void saysWhichRunnersTheWrongJarHas() {
    assertThatOptions(SPARK, "--runner=FlinkRunner", "--flinkMaster=127.0.0.1:8081")
        .hasMessageContaining("(merganser-spark.jar) has no FlinkRunner")
        .hasMessageContaining("only the DirectRunner and the SparkRunner");
  }

  @Test
  void saysThatNobodyIsAtTheAddressOfACluster() throws IOException {
    String address = nobody();
    assertThatOptions(FLINK, "--runner=FlinkRunner", "--flinkMaster=" + address)
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("--flinkMaster=" + address + ": nobody answers there within 5 s")
        .hasMessageContaining("a Flink JobManager's REST endpoint");
    onClassPath(
        "3.5.1",
        () ->
            assertThatOptions(SPARK, "--runner=SparkRunner", "--sparkMaster=spark://" + address)
                .isInstanceOf(RunException.class)
                .hasMessageStartingWith("--sparkMaster=spark://" + address + ": nobody answers")
                .hasMessageContaining("a Spark master"));
  }

  @Test
  void refusesAClusterOfAnotherFlink() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    byte[] overview =
        "{\"taskmanagers\":1,\"slots-total\":8,\"flink-version\":\"1.18.1\"}"
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/v1/overview",
        exchange -> {
          exchange.sendResponseHeaders(200, overview.length);
          exchange.getResponseBody().write(overview);
          exchange.close();
        });
    server.start();
    try {
      String address = "127.0.0.1:" + server.getAddress().getPort();
      assertThatOptions(FLINK, "--runner=FlinkRunner", "--flinkMaster=" + address)
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith("--flinkMaster=" + address + ": has Flink 1.18.1")
          .hasMessageContaining("this build and its Beam runner are for Flink 1.19.x");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void refusesAClassPathOfAnotherSparkOrOfNone() throws IOException {
    String[] flags = {"--runner=SparkRunner", "--sparkMaster=local[2]"};
    onClassPath(
        "3.4.2",
        () ->
            assertThatOptions(SPARK, flags)
                .isInstanceOf(RunException.class)
                .hasMessageStartingWith("the class path: has Spark 3.4.2")
                .hasMessageContaining("this build and its Beam runner are for Spark 3.5.x"));
    onClassPath(
        null,
        () ->
            assertThatOptions(SPARK, flags)
                .isInstanceOf(RunException.class)
                .hasMessageContaining("(merganser-spark.jar) leaves Spark's own classes")
                .hasMessageContaining("spark-submit"));
  }

  @Test
  void anEnginesJarSaysHowItIsStartedWhereTheEngineIsNotThere() throws IOException {
    onClassPath(
        null,
        () -> {
          assertThatThrownBy(() -> EngineCheck.requireEngineOnClassPath(FLINK))
              .isInstanceOf(RunException.class)
              .hasMessageContaining("(merganser-flink.jar) leaves Flink's own classes")
              .hasMessageContaining("--runner=FlinkRunner, or by flink run");
          assertThatThrownBy(() -> EngineCheck.requireEngineOnClassPath(SPARK))
              .hasMessageContaining("or by spark-submit");
          EngineCheck.requireEngineOnClassPath(PLAIN);
        });
  }

  /** With Spark's note of its version on this thread's class path, or without one. */
  private void onClassPath(String version, Runnable checks) throws IOException {
    List<URL> urls = new ArrayList<>();
    if (version != null) {
      Path spark = Files.createDirectories(folder.resolve("spark-" + version));
      Files.writeString(
          spark.resolve("spark-version-info.properties"), "version=" + version + "\n");
      urls.add(spark.toUri().toURL());
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
      thread.setContextClassLoader(loader);
      checks.run();
    } finally {
      thread.setContextClassLoader(before);
    }
    assertThat(thread.getContextClassLoader()).isSameAs(before);
  }

  @Test
  void smallTextGetsOneThread() {
    int cores = Runtime.getRuntime().availableProcessors();
    assertThat(threads(RunnerFlags.forText(List.of(), 4 << 20))).isEqualTo(1);
    assertThat(threads(RunnerFlags.forText(List.of(), (4 << 20) + 1))).isEqualTo(cores);
    assertThat(threads(RunnerFlags.forText(List.of(), Long.MAX_VALUE))).isEqualTo(cores);
  }

  @Test
  void aGivenNumberOfThreadsStays() {
    List<String> given = List.of("--targetParallelism=3");
    assertThat(RunnerFlags.forText(given, 1)).isEqualTo(given);
    assertThat(threads(given)).isEqualTo(3);
  }

  @Test
  void anEngineHasThreadsOfItsOwn() {
    List<String> flink = List.of("--runner=FlinkRunner");
    assertThat(RunnerFlags.forText(flink, 1)).isEqualTo(flink);
  }

  private static int threads(List<String> flags) {
    return RunnerFlags.options(flags).as(DirectOptions.class).getTargetParallelism();
  }
}
