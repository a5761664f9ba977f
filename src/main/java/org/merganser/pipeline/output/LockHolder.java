package org.merganser.pipeline.output;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.store.CheckedFile;

/**
 * The process that holds an output folder, as {@code run/holder.json} describes it. Used for
 * messages only; the lock belongs to the operating system.
 *
 * @param pid of the process, on {@code host}
 * @param since ISO 8601, UTC
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockHolder(long pid, String host, String since, String command) {

  static LockHolder me(String command) {
    return new LockHolder(
        ProcessHandle.current().pid(),
        HostName.get(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        command);
  }

  /** Null if it is missing or cannot be read. */
  public static @Nullable LockHolder find(OutputLayout layout) throws IOException {
    return FinishedOutput.record(layout, OutputLayout.HOLDER, LockHolder.class);
  }

  void publish(OutputLayout layout) throws IOException {
    CheckedFile.publish(layout.at(OutputLayout.HOLDER), Json.MAPPER.writeValueAsBytes(this));
  }

  /** Whether a process with this number runs on this host; false for another host. */
  public boolean livesHere() {
    return host.equals(HostName.get()) && ProcessHandle.of(pid).isPresent();
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host + ", since " + since + ": " + command;
  }
}
