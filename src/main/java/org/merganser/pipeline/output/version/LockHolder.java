package org.merganser.pipeline.output.version;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.store.FileStore;

/**
 * The process that holds an output folder, as {@code run/holder.json} describes it. Messages name
 * it; whether a run is refused depends on the lock, and on the holder only if the file system has
 * no locks.
 *
 * @param pid the id of the process on {@code host}
 * @param host the name of its machine
 * @param since when the run began, in ISO 8601, UTC
 * @param command the command of the run
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockHolder(long pid, String host, String since, String command) {
  /** This process, which holds the folder from now on. */
  static LockHolder thisProcess(String command) {
    return new LockHolder(
        ProcessHandle.current().pid(),
        HostName.get(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        command);
  }

  /** The recorded holder; null if the record is missing or damaged. */
  public static @Nullable LockHolder find(OutputPaths paths) throws IOException {
    byte[] json = OutputJson.find(paths, OutputPaths.HOLDER);
    try {
      return json == null ? null : Json.MAPPER.readValue(json, LockHolder.class);
    } catch (IOException cut) {
      return null; // the process was killed while it wrote
    }
  }

  /** Records this process as the holder. */
  void publish(OutputPaths paths) throws IOException {
    FileStore.publish(paths.at(OutputPaths.HOLDER), Json.file(this));
  }

  /** Whether the holder is of this machine, and a process with its id is alive. */
  public boolean livesHere() {
    return host.equals(HostName.get()) && ProcessHandle.of(pid).isPresent();
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host + ", since " + since + ": " + command;
  }
}
