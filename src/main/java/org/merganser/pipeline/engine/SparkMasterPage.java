package org.merganser.pipeline.engine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the web page of a standalone Spark master says of its cluster. The port that applications
 * speak to tells nothing, and executors of another version take an application and then never begin
 * a task of it. The master also answers in JSON, at {@code /json/}, but that answer does not tell
 * the version (Spark's JsonProtocol.writeMasterState), which the page does.
 *
 * @param url of the master, {@code spark://host:port}
 * @param alive whether it leads the cluster, rather than stand by
 * @param workers that are alive
 */
record SparkMasterPage(String url, String version, boolean alive, int workers) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Pattern URL = Pattern.compile("Spark Master at (spark://[^<\\s]+)");
  private static final Pattern VERSION =
      Pattern.compile("<span class=\"version\"[^>]*>\\s*([^<\\s]+)\\s*</span>");
  private static final Pattern STATUS =
      Pattern.compile("<strong>Status:</strong>\\s*([A-Z_]+)\\s*<");
  private static final Pattern WORKERS =
      Pattern.compile("<strong>Alive Workers:</strong>\\s*(\\d{1,9})\\s*<");

  /**
   * The port of the page: {@code spark.master.ui.port} of this JVM, {@code
   * SPARK_MASTER_WEBUI_PORT}, 8080.
   */
  static int port() {
    String port =
        System.getProperty(
            "spark.master.ui.port", System.getenv().getOrDefault("SPARK_MASTER_WEBUI_PORT", ""));
    return port.matches("\\d{1,5}") ? Integer.parseInt(port) : 8080;
  }

  /** The page of the master at {@code host:masterPort}; null where there is none at that port. */
  static @Nullable SparkMasterPage find(String host, int masterPort, int pagePort) {
    String html;
    try {
      html =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + host + ":" + pagePort + "/"))
                      .timeout(PATIENCE)
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
    } catch (IOException | IllegalArgumentException e) {
      return null; // pages may be off, elsewhere, or behind a login: then nothing is known
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    SparkMasterPage page = of(html);
    return page != null && page.url.endsWith(":" + masterPort) ? page : null;
  }

  /** What a page says; null when it is not a master's. */
  static @Nullable SparkMasterPage of(String html) {
    Matcher url = URL.matcher(html);
    Matcher version = VERSION.matcher(html);
    Matcher status = STATUS.matcher(html);
    Matcher workers = WORKERS.matcher(html);
    return url.find() && version.find() && status.find() && workers.find()
        ? new SparkMasterPage(
            url.group(1),
            version.group(1),
            status.group(1).equals("ALIVE"),
            Integer.parseInt(workers.group(1)))
        : null;
  }
}
