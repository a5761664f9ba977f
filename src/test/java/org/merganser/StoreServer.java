package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file server in a process of its own, on the loopback interface; ends with the test. */
final class StoreServer implements AutoCloseable {
  private final Process process;
  private final int port;

  private StoreServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The folder of the servers, which {@code src/clusters/stores.sh} installs once. */
  static Path installed() throws IOException {
    Process script = new ProcessBuilder("src/clusters/stores.sh").inheritIO().start();
    assertThat(script.onExit().join().exitValue()).as("src/clusters/stores.sh").isZero();
    return Path.of("target/clusters/stores").toAbsolutePath();
  }

  /**
   * Starts {@code java ARGUMENTS} and waits until something listens on {@code port}.
   *
   * @param log the file for the server's output
   */
  static StoreServer start(int port, Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    StoreServer server =
        new StoreServer(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start(),
            port);
    server.awaitListening(log);
    return server;
  }

  /** Waits until the server has written the file that shows that it is ready. */
  void awaitFile(Path ready, Path log) throws IOException {
    await(() -> Files.exists(ready) && Files.size(ready) > 0, "no " + ready, log);
  }

  /** A port of the loopback interface that nothing listened on a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening(Path log) throws IOException {
    await(this::listens, "nothing listens on port " + port, log);
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Condition condition, String otherwise, Path log) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.holds()) {
      // The exit of the process is the only other thing worth waiting for.
      assertThat(exited(100)).as("the server ended; its log is %s", log).isFalse();
      if (System.nanoTime() > deadline) {
        close();
        throw new IOException(otherwise + " after 90 seconds; see " + log);
      }
    }
  }

  private boolean exited(int milliseconds) {
    try {
      return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    exited(10_000);
  }
}
