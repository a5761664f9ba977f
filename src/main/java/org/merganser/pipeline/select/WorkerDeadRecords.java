package org.merganser.pipeline.select;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.read.UnitReader;
import org.merganser.corpus.select.DeadRecords;
import org.merganser.dataset.Manifest;
import org.merganser.job.Job;
import org.merganser.job.JobWriter;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardRow;

/** The dead letters that a job reads anew, loaded once a JVM. */
public final class WorkerDeadRecords {
  private static final Map<String, DeadRecords> BY_SHA256 = new ConcurrentHashMap<>();

  private WorkerDeadRecords() {}

  /** Null for a job that reads its corpus. */
  public static @Nullable DeadRecords of(Job job) throws IOException {
    return of(JobComponents.corpus(job).rescueFrom());
  }

  /** The dead records of a finished run; null where no run is named. */
  static @Nullable DeadRecords of(@Nullable String run) throws IOException {
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
                FinishedOutput.outputs(earlier).stream()
                    .filter(file -> file.path().startsWith(Manifest.DEAD_LETTERS + "/"))
                    .map(file -> earlier.at(file.path()))
                    .toList());
          } catch (IOException e) {
            throw new UncheckedIOException(earlier.root() + ": its dead letters", e);
          }
        });
  }

  /** Counts those that are parts behind the first of a document and have a row in another run. */
  public static long partsIn(String run, OutputLayout other) throws IOException {
    DeadRecords dead = of(run);
    long found = 0;
    if (dead == null || !dead.hasParts()) {
      return found;
    }
    ShardRow row = new ShardRow();
    for (ShardSet unit : FinishedOutput.shards(other)) {
      for (ShardSet.Shard shard : unit.shards()) {
        try (ParquetShardReader rows = new ParquetShardReader(LocalFiles.of(shard.location()))) {
          while (rows.next(row)) {
            found += row.part > 0 && dead.containsPart(row.file, row.offset, row.part) ? 1 : 0;
          }
        }
      }
    }
    return found;
  }

  /** What names them: of the list of outputs of the run that has them; empty without one. */
  public static String sha256(Job job) throws IOException {
    return sha256(JobComponents.corpus(job).rescueFrom());
  }

  private static String sha256(@Nullable String run) throws IOException {
    return run == null
        ? ""
        : FinishedOutput.manifest(OutputLayout.of(run, false)).outputs().sha256();
  }

  /**
   * Whether large documents are cut where the run that has the dead letters cut them: the same
   * tokenizer, limits that cut alike, the same format.
   */
  static boolean sameParts(RunSpec spec) throws IOException {
    String run = JobComponents.corpus(spec.job()).rescueFrom();
    if (run == null || !(spec.tokenizer() instanceof TokenizerSource.Ready ready)) {
      return false;
    }
    Manifest earlier = FinishedOutput.manifest(OutputLayout.of(run, false));
    JsonNode before = earlier.job().path("corpus");
    JsonNode now = JobWriter.tree(spec.job()).path("corpus");
    return earlier.tokenizerSha256().equals(ready.file().sha256())
        && before.path("format").equals(now.path("format"))
        && before
            .path("inputs")
            .findValuesAsText("format")
            .equals(now.path("inputs").findValuesAsText("format"))
        && UnitReader.cutsAlike(
            before.path("maxDocumentBytes").longValue(), now.path("maxDocumentBytes").longValue());
  }
}
