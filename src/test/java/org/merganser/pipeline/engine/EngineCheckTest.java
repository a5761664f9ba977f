package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.merganser.job.JobException;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.NativeCodecs;

/** What a run asks an engine before it begins, and what it says when the answer is wrong. */
final class EngineCheckTest {
  private @Nullable HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void keepsTheSlotsOfOneTaskManagerInReserve() throws IOException {
    String master =
        answering("{\"taskmanagers\":4,\"slots-total\":8,\"flink-version\":\"1.19.1\"}");
    EngineCheck.FlinkCluster cluster = EngineCheck.flink(master, "1.19.3");
    assertThat(cluster.parallelism()).isEqualTo(6);
    EngineCheck.requireSlots(cluster, master, 8);
    assertThatThrownBy(() -> EngineCheck.requireSlots(cluster, master, 9))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("--parallelism=9")
        .hasMessageContaining("8 slots");
    assertThat(new EngineCheck.FlinkCluster(1, 3, "").parallelism()).isEqualTo(3);
  }

  @Test
  void refusesAnotherVersionNoSlotsAndWhatIsNoFlink() throws IOException {
    String other = answering("{\"taskmanagers\":1,\"slots-total\":8,\"flink-version\":\"1.20.0\"}");
    assertThatThrownBy(() -> EngineCheck.flink(other, "1.19.3"))
        .hasMessageContaining("Flink 1.20.0")
        .hasMessageContaining("Flink 1.19.x");
    stop();
    String empty = answering("{\"taskmanagers\":0,\"slots-total\":0,\"flink-version\":\"1.19.3\"}");
    assertThatThrownBy(() -> EngineCheck.flink(empty, "1.19.3")).hasMessageContaining("no slots");
    stop();
    String stranger = answering("{\"hello\":1}");
    assertThatThrownBy(() -> EngineCheck.flink(stranger, "1.19.3"))
        .hasMessageContaining("no Flink JobManager");
  }

  @Test
  void namesTheAddressAtWhichNobodyAnswers() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(() -> EngineCheck.flink("127.0.0.1:" + port, "1.19.3"))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("--flinkMaster=127.0.0.1:" + port);
    assertThatThrownBy(() -> EngineCheck.spark("spark://127.0.0.1:" + port, "3.5.5", 1))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("--sparkMaster=spark://127.0.0.1:" + port);
    assertThatThrownBy(() -> EngineCheck.spark("spark://somewhere", "3.5.5", 1))
        .hasMessageContaining("spark://host:7077");
  }

  /** As Spark 3.4.4's master writes it, but for what lies between. */
  private static String page(String url, String version, String status, int workers) {
    return """
        <!DOCTYPE html><html>
              <head><title>Spark Master at %1$s</title></head>
                          <span class="version" style="margin-right: 15px;">%2$s</span>
                        Spark Master at %1$s
                      <li><strong>URL:</strong> %1$s</li>
                      <li><strong>Alive Workers:</strong> %4$s</li>
                      <li><strong>Status:</strong> %3$s</li>
        """
        .formatted(url, version, status, workers);
  }

  @Test
  void refusesASparkOfAnotherVersionOrWithoutWorkersWhereItsPageSaysSo() throws IOException {
    try (ServerSocket listening = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      String master = "spark://127.0.0.1:" + listening.getLocalPort();
      int other = pagePort(page(master, "3.4.4", "ALIVE", 2));
      assertThatThrownBy(() -> EngineCheck.spark(master, "3.5.5", other))
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith("--sparkMaster=" + master + ": has Spark 3.4.4")
          .hasMessageContaining("for Spark 3.5.x");
      int empty = pagePort(page(master, "3.5.1", "ALIVE", 0));
      assertThatThrownBy(() -> EngineCheck.spark(master, "3.5.5", empty))
          .hasMessageContaining("the cluster has no workers");
      EngineCheck.spark(master, "3.5.5", pagePort(page(master, "3.5.1", "ALIVE", 1)));
      EngineCheck.spark(master, "3.5.5", pagePort(page(master, "3.5.1", "STANDBY", 0)));
      // A page of somebody else's says nothing of this master.
      EngineCheck.spark(master, "3.5.5", pagePort(page("spark://a:1", "3.4.4", "ALIVE", 0)));
      EngineCheck.spark(master, "3.5.5", pagePort("<html>Apache Tomcat</html>"));
    }
  }

  private int pagePort(String html) throws IOException {
    stop();
    String address = answering("/", html);
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  @Test
  void saysWhichBuildHasARunner() {
    assertThat(new EngineBuild(null, null, null).missing("FlinkRunner"))
        .contains("mvn -Pflink", "target/flink/merganser-flink.jar");
    assertThat(new EngineBuild(Path.of("a.jar"), "Spark", "3.5.5").missing("FlinkRunner"))
        .contains("a.jar", "the SparkRunner", "mvn -Pflink");
    assertThat(new EngineBuild(null, null, null).missing("SamzaRunner")).contains("Flink, Spark");
  }

  @Test
  void namesAllFlagsThatDataflowMisses() {
    assertThatThrownBy(() -> DataflowCheck.require(List.of("--region=r", "--tempLocation=/tmp/x")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("--project=ID is missing")
        .hasMessageContaining("is no gs:// location")
        .hasMessageNotContainingAny("--region");
  }

  @Test
  void refusesAnotherZstd() {
    NativeCodecs.check();
    assertThatThrownBy(() -> NativeCodecs.check("1.5.5-4"))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("1.5.5-4")
        .hasMessageContaining("userClassPathFirst");
  }

  @Test
  void theClustersHaveTheVersionsThatTheBuildsAreFor() throws IOException {
    for (String engine : new String[] {"flink", "spark"}) {
      assertThat(version(Path.of("src", "clusters", engine, "pom.xml"), engine))
          .isEqualTo(version(Path.of("pom.xml"), engine));
    }
  }

  private static String version(Path pom, String engine) throws IOException {
    Matcher version =
        Pattern.compile("<" + engine + "\\.version>([^<]+)<").matcher(Files.readString(pom));
    assertThat(version.find()).as(pom.toString()).isTrue();
    return version.group(1);
  }

  private String answering(String json) throws IOException {
    return answering("/v1/overview", json);
  }

  private String answering(String path, String text) throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    started.createContext(
        path,
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
