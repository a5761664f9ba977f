package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.job.JobException;

/** Flags that ask for an engine which this build does not have. */
final class RunnerFlagsTest {
  private static final EngineBuild PLAIN = new EngineBuild(null, null);
  private static final EngineBuild FLINK = new EngineBuild(Path.of("merganser-flink.jar"), "Flink");
  private static final EngineBuild SPARK = new EngineBuild(Path.of("merganser-spark.jar"), "Spark");

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertThatOptions(
      EngineBuild build, String... flags) {
    return assertThatThrownBy(() -> RunnerFlags.options(List.of(flags), build));
  }

  @ParameterizedTest
  @CsvSource({
    "FlinkRunner, --flinkMaster=127.0.0.1:8081, flink",
    "FlinkRunner, --parallelism=2, flink",
    "SparkRunner, --sparkMaster=spark://127.0.0.1:7077, spark",
    "DataflowRunner, --region=europe-west1, dataflow",
  })
  void namesTheBuildThatHasTheRunner(String runner, String flag, String engine) {
    for (EngineBuild build : List.of(PLAIN, FLINK, SPARK)) {
      if (!build.isFor(runner.replace("Runner", ""))) {
        assertThatOptions(build, "--runner=" + runner, flag)
            .as("%s", build)
            .isInstanceOf(JobException.class)
            .hasMessageContaining("has no " + runner + ", only the DirectRunner")
            .hasMessageContaining("mvn -f src/clusters -pl " + engine)
            .hasMessageContaining("target/" + engine + "/merganser-" + engine + ".jar");
      }
    }
  }

  @Test
  void saysWhichRunnersTheWrongJarHas() {
    assertThatOptions(SPARK, "--runner=FlinkRunner", "--flinkMaster=127.0.0.1:8081")
        .hasMessageContaining("(merganser-spark.jar) has no FlinkRunner")
        .hasMessageContaining("only the DirectRunner and the SparkRunner");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "", "two", "99999999999"})
  void refusesWhatIsNoNumberOfThreads(String number) {
    assertThatOptions(PLAIN, "--targetParallelism=" + number)
        .isInstanceOf(JobException.class)
        .hasMessageContaining("--targetParallelism: is a number of threads from 1 to 9999");
  }

  /**
   * Beam keeps its options in static fields, so these classes are loaded once more for this test.
   */
  @Test
  void knowsAllFlagsAfterARunWithoutAny() throws Exception {
    List<URL> places = new ArrayList<>();
    for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
      places.add(new File(place).toURI().toURL());
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader anew =
        new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Thread.currentThread().setContextClassLoader(anew);
      Class<?> flags = anew.loadClass(RunnerFlags.class.getName());
      Object options = flags.getMethod("options", List.class).invoke(null, List.of());
      assertThat(options.toString()).contains("DirectRunner");
      assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(anew);
      Class<?> factory = anew.loadClass("org.apache.beam.sdk.options.PipelineOptionsFactory");
      Set<?> hidden = (Set<?>) factory.getMethod("getRegisteredOptions").invoke(null);
      assertThat(hidden.toString()).doesNotContain("PortablePipelineOptions");
      Set<?> names = (Set<?>) flags.getMethod("names").invoke(null);
      assertThat(names.toString())
          .contains("--targetParallelism", "--jobEndpoint", "--experiments");
      Object asked =
          flags
              .getMethod("options", List.class)
              .invoke(null, List.of("--jobEndpoint=here", "--runner=DirectRunner"));
      assertThat(asked.toString()).contains("here");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
