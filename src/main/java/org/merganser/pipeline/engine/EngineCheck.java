package org.merganser.pipeline.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.RunException;

/**
 * Asks an engine, before anything is written, whether it is there, of the version that this build
 * is for, and large enough: within seconds, where its own client tries for minutes.
 */
final class EngineCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private EngineCheck() {}

  /**
   * What a Flink cluster's JobManager says of it.
   *
   * @param slots of all TaskManagers
   */
  record FlinkCluster(int taskManagers, int slots, String version) {
    /** All slots but those of one TaskManager, which are kept for when one is lost. */
    int parallelism() {
      return taskManagers < 2 ? slots : Math.max(1, slots - slots / taskManagers);
    }
  }

  /**
   * @param master {@code host:port} of the JobManager's REST endpoint, {@code http://} or {@code
   *     https://} before it or not
   * @throws RunException when nobody answers there, or something else than Flink of that version
   */
  static FlinkCluster flink(String master, @Nullable String builtFor) {
    String address = master.matches("https?://.*") ? master : "http://" + master;
    JsonNode overview;
    try {
      HttpResponse<byte[]> response =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create(address + "/v1/overview"))
                      .timeout(PATIENCE)
                      .build(),
                  HttpResponse.BodyHandlers.ofByteArray());
      overview = Json.MAPPER.readTree(response.body());
    } catch (IOException | IllegalArgumentException e) {
      throw unreachable("--flinkMaster=" + master, "a Flink JobManager's REST endpoint", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("--flinkMaster=" + master, "a Flink JobManager's REST endpoint", e);
    }
    String version = overview.path("flink-version").asText();
    if (version.isEmpty()) {
      throw new RunException(
          "--flinkMaster="
              + master
              + ": what answers there is no Flink JobManager; give the host and the port of its"
              + " REST endpoint (rest.port, 8081 by default)");
    }
    requireVersion("Flink", "--flinkMaster=" + master, version, builtFor);
    FlinkCluster cluster =
        new FlinkCluster(
            overview.path("taskmanagers").asInt(), overview.path("slots-total").asInt(), version);
    if (cluster.slots < 1) {
      throw new RunException(
          ("--flinkMaster=%s: the cluster has no slots (%s TaskManagers); start"
                  + " TaskManagers and run again")
              .formatted(master, cluster.taskManagers));
    }
    return cluster;
  }

  /**
   * @param wanted {@code --parallelism}
   * @throws RunException when the cluster has fewer slots: Flink would wait for more and then fail
   */
  static void requireSlots(FlinkCluster cluster, String master, int wanted) {
    if (wanted > cluster.slots) {
      throw new RunException(
          ("--parallelism=%s: the cluster at %s has %s slots in %s TaskManagers; ask"
                  + " for that many at most, or add TaskManagers")
              .formatted(wanted, master, cluster.slots, cluster.taskManagers));
    }
  }

  /**
   * @param master {@code spark://host:port}, several separated by commas
   * @param pagePort of the master's web page, which alone tells its version; there may be none
   * @throws RunException when nobody answers at any of them, or a Spark of another version or
   *     without workers
   */
  static void spark(String master, @Nullable String builtFor, int pagePort) {
    IOException failure = null;
    for (String address : master.substring("spark://".length()).split(",", -1)) {
      int colon = address.lastIndexOf(':');
      if (colon < 0 || !address.substring(colon + 1).matches("\\d{1,5}")) {
        throw new RunException(
            "--sparkMaster="
                + master
                + ": \""
                + address
                + "\" is no host and port; it is written spark://host:7077");
      }
      InetSocketAddress socket =
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
      try (Socket probe = new Socket()) {
        probe.connect(socket, (int) PATIENCE.toMillis());
      } catch (IOException e) {
        failure = e;
        continue;
      }
      requireUsable(
          SparkMasterPage.find(socket.getHostString(), socket.getPort(), pagePort),
          master,
          builtFor);
      return;
    }
    throw unreachable("--sparkMaster=" + master, "a Spark master", failure);
  }

  private static void requireUsable(
      @Nullable SparkMasterPage page, String master, @Nullable String builtFor) {
    if (page == null) {
      return;
    }
    requireVersion("Spark", "--sparkMaster=" + master, page.version(), builtFor);
    if (page.alive() && page.workers() < 1) {
      throw new RunException(
          "--sparkMaster="
              + master
              + ": the cluster has no workers, so the run would wait for ever; start workers and"
              + " run again");
    }
  }

  /**
   * Checks the Spark that this JVM would use: that of {@code spark-submit}, or what lies on the
   * class path.
   *
   * @throws RunException when there is none, or one of another version
   */
  static void requireSparkOnClassPath(EngineBuild build) {
    Properties version = new Properties();
    try (InputStream in = classPath().getResourceAsStream("spark-version-info.properties")) {
      if (in == null) {
        throw withoutEngine(build, "Spark", "spark-submit");
      }
      version.load(in);
    } catch (IOException e) {
      throw new RunException("spark-version-info.properties cannot be read: " + e, e);
    }
    requireVersion(
        "Spark", "the class path", version.getProperty("version", "unknown"), build.version());
  }

  /**
   * Checks that the engine is there whose classes this jar was built without: whatever the runner,
   * nothing works without what comes with them.
   *
   * @throws RunException saying how such a jar is started
   */
  static void requireEngineOnClassPath(EngineBuild build) {
    if (build.isFor("Flink") && isMissing("org/apache/flink/api/common/JobID.class")) {
      throw withoutEngine(build, "Flink", "flink run");
    }
    if (build.isFor("Spark") && isMissing("org/apache/spark/SparkConf.class")) {
      throw withoutEngine(build, "Spark", "spark-submit");
    }
  }

  private static boolean isMissing(String resource) {
    return classPath().getResource(resource) == null;
  }

  private static ClassLoader classPath() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return loader == null ? ClassLoader.getSystemClassLoader() : loader;
  }

  private static RunException withoutEngine(EngineBuild build, String engine, String submit) {
    return new RunException(
        ("this jar (%s) leaves %s's own classes to the cluster, and they are not"
                + " here: start it by ./merganser run … --runner=%sRunner, or by %s"
                + " (docs/clusters.md); the plain jar needs no engine")
            .formatted(build.jar(), engine, engine, submit));
  }

  private static void requireVersion(
      String engine, String where, String found, @Nullable String builtFor) {
    if (builtFor != null && !minor(found).equals(minor(builtFor))) {
      throw new RunException(
          String.format(
              Locale.ROOT,
              "%s: has %s %s, but this build and its Beam runner are for %s %s.x; run it on such a"
                  + " cluster, or change %s.version and beam.version in pom.xml together",
              where,
              engine,
              found,
              engine,
              minor(builtFor),
              engine.toLowerCase(Locale.ROOT)));
    }
  }

  /** The first two numbers of a version. */
  private static String minor(String version) {
    List<String> numbers = List.of(version.split("\\.", -1));
    return String.join(".", numbers.subList(0, Math.min(2, numbers.size())));
  }

  private static RunException unreachable(String flag, String what, @Nullable Exception e) {
    String why = e == null ? "" : " (" + (e.getMessage() == null ? e : e.getMessage()) + ")";
    return new RunException(
        ("%s: nobody answers there within %s seconds%s; give the address of %s and"
                + " check that it runs and that this machine may reach it")
            .formatted(flag, PATIENCE.toSeconds(), why, what),
        e);
  }
}
