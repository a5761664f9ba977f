package org.merganser.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadRecords;
import org.merganser.job.Job;

/** The dead letters that a job reads anew, loaded once a JVM. */
final class WorkerDeadRecords {
  private static final Map<String, DeadRecords> BY_SHA256 = new ConcurrentHashMap<>();

  private WorkerDeadRecords() {}

  /** Null for a job that reads its corpus. */
  static @Nullable DeadRecords of(Job job) throws IOException {
    String sha256 = sha256(job);
    if (sha256.isEmpty()) {
      return null;
    }
    OutputLayout earlier = earlier(job);
    return BY_SHA256.computeIfAbsent(
        sha256,
        key -> {
          try {
            return DeadRecords.read(
                FinishedRun.outputs(earlier).stream()
                    .filter(file -> file.path().startsWith("dead-letters/"))
                    .map(file -> earlier.at(file.path()))
                    .toList());
          } catch (IOException e) {
            throw new UncheckedIOException(earlier.root() + ": its dead letters", e);
          }
        });
  }

  /** What names them: of the list of outputs of the run that has them; empty without one. */
  static String sha256(Job job) throws IOException {
    return CoreParts.corpus(job).rescueFrom() == null
        ? ""
        : FinishedRun.manifest(earlier(job)).outputs().sha256();
  }

  private static OutputLayout earlier(Job job) {
    return OutputLayout.of(String.valueOf(CoreParts.corpus(job).rescueFrom()), false);
  }
}
