package org.merganser.cli.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalWriter;
import org.merganser.json.Json;
import org.merganser.pipeline.output.RunException;

/**
 * The events of a run, for a scheduler: one JSON object a line, each with {@code event} and {@code
 * at}, flushed at once. docs/events.md lists the events and their fields. Thread-safe.
 *
 * <p>If a write fails (a closed FIFO, a full disk), the log ends with a line on standard error, and
 * the run continues.
 */
final class EventLog implements Closeable {
  /** The version of the events, in {@code run.started}; raised when a field changes its meaning. */
  static final int SCHEMA_VERSION = 1;

  /** The first line of a log ends within this many characters. */
  private static final int MOST_OF_FIRST_LINE = 1 << 16;

  /** How long a named pipe may have no reader. */
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

  private final PrintWriter err;

  /** The file that is closed at the end; null without one, as for standard output. */
  private final @Nullable PrintWriter file;

  /** Receives the events; null without a log, after a failed write, and after the end. */
  private @Nullable PrintWriter target;

  private EventLog(@Nullable PrintWriter target, @Nullable PrintWriter file, PrintWriter err) {
    this.target = target;
    this.file = file;
    this.err = err;
  }

  /** Whether the first line of a file is an event; false for a file that is not UTF-8. */
  static boolean isLog(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      char[] start = new char[MOST_OF_FIRST_LINE];
      int length = in.read(start);
      String first = new String(start, 0, Math.max(0, length)).lines().findFirst().orElse("");
      JsonNode event = Json.MAPPER.readTree(first);
      return event.path("event").isTextual() && event.path("at").isTextual();
    } catch (JsonProcessingException | CharacterCodingException e) {
      return false;
    }
  }

  /**
   * Opens the log: no log for null, {@code out} for {@code -}, otherwise a file. A file is appended
   * to, so a mistyped name destroys nothing and attempts follow each other.
   *
   * @param err receives a line if the log ends early
   * @throws RunException naming a file that cannot be opened
   */
  static EventLog open(@Nullable String target, PrintWriter out, PrintWriter err) {
    return open(target, out, err, OPEN_LIMIT);
  }

  /**
   * Like {@link #open(String, PrintWriter, PrintWriter)}, with another limit.
   *
   * @param limit the time in which the reader of a named pipe must open it
   */
  static EventLog open(@Nullable String target, PrintWriter out, PrintWriter err, Duration limit) {
    PrintWriter noFile = null;
    if (target == null) {
      PrintWriter noTarget = null;
      return new EventLog(noTarget, noFile, err);
    }
    if (target.equals("-")) {
      return new EventLog(out, noFile, err);
    }
    try {
      Path path = Path.of(target);
      OutputStream stream =
          Files.isRegularFile(path) || !Files.exists(path)
              ? Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
              : openSpecial(path, limit);
      PrintWriter file = new TerminalWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
      return new EventLog(file, file, err);
    } catch (IOException | IllegalArgumentException e) {
      throw new RunException("--events " + target + ": cannot be opened: " + e, e);
    }
  }

  /**
   * Opens a device or a named pipe, on a thread of its own, since opening a pipe waits for a
   * reader. After the limit this thread still waits; it does not keep the JVM alive.
   */
  private static OutputStream openSpecial(Path path, Duration limit) throws IOException {
    var opening = new FutureTask<>(() -> Files.newOutputStream(path, StandardOpenOption.WRITE));
    Thread thread = new Thread(opening, "merganser-events");
    thread.setDaemon(true);
    thread.start();
    try {
      return opening.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "no process has opened it to read; start the reader of the pipe first", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while no process had opened it to read", e);
    }
  }

  /**
   * Writes an event.
   *
   * @param fields adds the fields after {@code event} and {@code at}
   */
  synchronized void write(RunEvent event, Consumer<ObjectNode> fields) {
    PrintWriter out = target;
    if (out == null) {
      return;
    }
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("event", event.toString());
    line.put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    fields.accept(line);
    out.print(line + "\n");
    if (out.checkError()) { // which flushes
      target = null;
      err.println(
          "merganser: events are no longer written: the disk is full or their reader has gone");
    }
  }

  @Override
  public synchronized void close() {
    target = null;
    if (file != null) {
      file.close();
    }
  }
}
