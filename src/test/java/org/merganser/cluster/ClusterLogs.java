package org.merganser.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Shows the ends of a cluster's logs when a test has failed. */
final class ClusterLogs implements AfterTestExecutionCallback {
  private static final int LINES = 40;

  @Override
  public void afterTestExecution(ExtensionContext context) throws IOException {
    Throwable failure = context.getExecutionException().orElse(null);
    if (failure == null || failure instanceof org.opentest4j.TestAbortedException) {
      return;
    }
    String engine = ((ClusterTest) context.getRequiredTestInstance()).engine();
    try (Stream<Path> files = Files.find(LocalCluster.state(engine), 4, (file, a) -> isLog(file))) {
      for (Path log : files.sorted().toList()) {
        List<String> lines = lines(log);
        System.err.println("== " + log + ", its end");
        lines.subList(Math.max(0, lines.size() - LINES), lines.size()).forEach(System.err::println);
      }
    }
  }

  /** A process's log, or what a Spark executor said. */
  private static boolean isLog(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".log") || name.equals("stderr");
  }

  /** A killed process's last line may end inside a character. */
  private static List<String> lines(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
  }
}
