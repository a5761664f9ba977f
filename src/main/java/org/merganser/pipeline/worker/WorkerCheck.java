package org.merganser.pipeline.worker;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;

/** Checks what a worker needs before its first step: the right zstd, and the run's own files. */
public final class WorkerCheck {
  /** The locations that this JVM has seen; they are not checked again. */
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  private WorkerCheck() {}

  /**
   * Checks the worker. Costs a few file look-ups the first time in a JVM, next to nothing
   * afterwards.
   *
   * @param needed the locations of files that the driver wrote or named
   * @throws RunException if this JVM has another zstd, or cannot see the driver's files
   */
  public static void require(List<String> needed) {
    NativeCodecs.check();
    for (String location : needed) {
      if (!SEEN.contains(location)) {
        if (!exists(location)) {
          throw notSeen(location);
        }
        SEEN.add(location);
      }
    }
  }

  /**
   * Whether a file exists.
   *
   * @throws RunException if this worker cannot find out
   */
  private static boolean exists(String location) {
    try {
      return FileStore.of(location).exists(location);
    } catch (IOException e) {
      throw RunException.of(
              "%s: the worker on %s cannot reach this file, which the driver does: %s. Every worker"
                  + " needs the jar, the network and the credentials of the driver",
              location, HostName.get(), e.getMessage())
          .causedBy(e);
    }
  }

  /** The error for a file that does not exist for this worker. */
  private static RunException notSeen(String location) {
    return RunException.of(
        "%s: the worker on %s does not see this file, which the driver does. %s",
        location,
        HostName.get(),
        FileStore.isLocal(location)
            ? "It is a local path: every worker must have the same folder there (such as NFS), or"
                + " name a store that all of them reach, such as hdfs:// or s3://"
            : "Does that worker have the same access as the driver?");
  }
}
