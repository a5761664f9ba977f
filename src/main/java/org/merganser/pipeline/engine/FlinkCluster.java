package org.merganser.pipeline.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.merganser.json.Json;
import org.merganser.pipeline.output.RunException;

/** Asks the JobManager of a Flink cluster for the size of the cluster. */
final class FlinkCluster {
  /** For the connection and for the answer, each. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private FlinkCluster() {}

  /**
   * The slots of a cluster without those of one TaskManager, so that the run continues if one is
   * lost; all slots if there is only one.
   *
   * @param master {@code host:port} of the JobManager's REST endpoint, with or without {@code
   *     http://} or {@code https://}
   * @throws RunException if nothing answers there
   */
  static int parallelism(String master) {
    String address = master.matches("https?://.*") ? master : "http://" + master;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + "/v1/overview")).timeout(TIMEOUT).build();
      HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
      JsonNode overview =
          Json.MAPPER.readTree(
              client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
      int taskManagers = number(overview, "taskmanagers");
      int slots = number(overview, "slots-total");
      int inReserve = taskManagers < 2 ? 0 : slots / taskManagers;
      return Math.max(1, slots - inReserve); // a cluster that is starting may have no slot yet
    } catch (IOException | IllegalArgumentException | InterruptedException e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw RunException.of(
              "--flinkMaster=%s: no Flink JobManager answers there (%s); name the host and the"
                  + " port of its REST endpoint, or set --parallelism",
              master, e)
          .causedBy(e);
    }
  }

  /** A number in the answer; without it, something else than a JobManager has answered. */
  private static int number(JsonNode overview, String key) throws IOException {
    JsonNode number = overview.path(key);
    if (!number.isInt()) {
      throw new IOException("the answer has no " + key);
    }
    return number.asInt();
  }
}
