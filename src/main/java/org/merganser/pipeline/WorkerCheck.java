package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.store.FileStore;

/** What a worker must have before it does anything: the right zstd, and the run's own files. */
final class WorkerCheck {
  /** Output folders and plans that this JVM has seen. */
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  private WorkerCheck() {}

  /**
   * Costs a few file look-ups the first time in a JVM, nothing after it.
   *
   * @throws RunException when this JVM has another zstd, or doesn't see what the driver wrote
   */
  static void require(RunSpec spec) throws IOException {
    NativeCodecs.check();
    List<String> needed = new ArrayList<>(List.of(spec.layout().at(spec.layout().marker())));
    addIfGiven(spec.plan(), needed);
    addIfGiven(spec.trainingPlan(), needed);
    Job.Embeddings embeddings = spec.job().embeddings();
    String table = embeddings == null ? null : embeddings.table();
    addIfGiven(table == null ? null : spec.located(table), needed);
    for (String location : needed) {
      if (!SEEN.contains(location)) {
        if (!FileStore.of(location).exists(location)) {
          throw unseen(location);
        }
        SEEN.add(location);
      }
    }
  }

  private static void addIfGiven(@Nullable String location, List<String> needed) {
    if (location != null) {
      needed.add(location);
    }
  }

  private static RunException unseen(String location) {
    return new RunException(
        location
            + ": the worker on "
            + WorkerReport.host()
            + " does not see this file, which the driver does. "
            + (FileStore.isLocal(location)
                ? "It is a local path: every worker must have the same folder there (NFS, say), or"
                    + " name a store that all of them reach, such as hdfs:// or s3://"
                : "Does that worker have the same access as the driver?"));
  }
}
