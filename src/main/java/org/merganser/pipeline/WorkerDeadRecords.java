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
    return of(CoreParts.corpus(job).rescueFrom());
  }

  /** The same on a worker, whatever folder it was started in. */
  static @Nullable DeadRecords of(RunSpec spec) throws IOException {
    return of(located(spec));
  }

  private static @Nullable DeadRecords of(@Nullable String run) throws IOException {
    if (run == null) {
      return null;
    }
    OutputLayout earlier = OutputLayout.of(run, false);
    String sha256 = sha256(run);
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
    return sha256(CoreParts.corpus(job).rescueFrom());
  }

  /** The same on a worker, whatever folder it was started in. */
  static String sha256(RunSpec spec) throws IOException {
    return sha256(located(spec));
  }

  private static String sha256(@Nullable String run) throws IOException {
    return run == null ? "" : FinishedRun.manifest(OutputLayout.of(run, false)).outputs().sha256();
  }

  private static @Nullable String located(RunSpec spec) {
    String run = CoreParts.corpus(spec.job()).rescueFrom();
    return run == null ? null : spec.located(run);
  }
}
