package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.job.Job;
import org.merganser.job.JobWriter;
import org.merganser.job.ShardsSection;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.join.UnitJoiner;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.pipeline.output.finished.ShardSources;
import org.merganser.pipeline.request.RequestedSources;
import org.merganser.pipeline.select.ListedInputs;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.store.FileStore;

/**
 * Prepares a run that reads the shards of finished runs.
 *
 * @param paths the output folder as the user wrote it
 * @param inputs has no file, since the runs are named in {@code shards.from}; {@link PreparedRun}
 *     has it for every run
 */
record ShardsPreparation(Job job, OutputPaths paths, ListedInputs inputs) {
  /** Checks the job and the runs whose shards it reads; writes nothing. */
  PreparedRun prepare() throws IOException {
    List<String> from = Objects.requireNonNull(job.shards().from());
    List<ReadVersion> read = new ArrayList<>();
    for (String run : from) {
      read.add(ReadVersion.of(OutputPaths.of(job.at(run)).root()));
    }
    try {
      return prepare(from, read);
    } catch (IOException | RuntimeException e) {
      // A run that was replaced meanwhile is the better reason.
      ReadVersion.requireSameAfter(read, e);
      throw e;
    }
  }

  /**
   * Checks that the job fits the runs.
   *
   * @param from the runs as the job names them
   * @param read the versions of these runs
   */
  private PreparedRun prepare(List<String> from, List<ReadVersion> read) throws IOException {
    ShardSources runs = ShardSources.of(from.stream().map(job::at).toList());
    FileRef tokenizer = FinishedOutput.at(runs.first()).tokenizer();
    FileRef table = NamedTable.check(job, WorkerTokenizers.get(tokenizer).idBound());
    requireRoom(runs.manifests().get(0), table); // with embeddings, a job reads one run
    RunKind kind = kind(runs, tokenizer);
    Job resolved = withSettingsOf(runs);
    new JobLayouts(resolved).requireFill();
    String fingerprint = fingerprint(runs, tokenizer, table);
    RunSpec.ExcludedIdFiles excludedIds = null;
    RunSpec spec =
        new RunSpec(
            resolved.anywhere(),
            RunPaths.of(paths.withRoot(FileStore::withAbsolutePath), fingerprint),
            kind,
            table,
            excludedIds,
            RequestedSources.beforeReading(resolved, requestKeys(runs, table)));
    return PreparedRun.fromShards(paths, spec, fingerprint, inputs, read);
  }

  /**
   * What the run does: it reads these shards, at locations that workers can use too.
   *
   * @throws RunException if only some of the runs have a loss mask, or the job has no place for one
   */
  private RunKind kind(ShardSources runs, FileRef tokenizer) {
    FileRef forWorkers =
        new FileRef(FileStore.withAbsolutePath(tokenizer.location()), tokenizer.sha256());
    return new RunKind.FromShards(
        new TokenizerSource.OfEarlierRun(forWorkers),
        runs.outputs().stream().map(run -> run.withRoot(FileStore::withAbsolutePath)).toList(),
        runs.haveLossMask(job.shards()));
  }

  /** The keys of the request that name what is read: the data of the runs, and the table. */
  private static SortedMap<String, String> requestKeys(ShardSources runs, @Nullable FileRef table) {
    SortedMap<String, String> keys = new TreeMap<>();
    for (int i = 0; i < runs.manifests().size(); i++) {
      String key = String.format(Locale.ROOT, "shards.from[%d]", i);
      keys.put(key, runs.manifests().get(i).data());
    }
    if (table != null) {
      keys.put(NamedTable.KEY, table.sha256());
    }
    return keys;
  }

  /** Checks the size of embedded sequences, if the job asks for them. */
  private void requireRoom(Manifest manifest, @Nullable FileRef table) throws IOException {
    Job.Embeddings embeddings = job.embeddings();
    if (embeddings == null || !embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE)) {
      return;
    }
    RecordSums sums = manifest.totals().sums();
    long tokens = sums.tokens() + sums.validation().tokens();
    int dim = table == null ? job.requireLearnedVectors().dim() : WorkerTables.get(table).dim();
    UnitJoiner.requireRoom(embeddings, tokens, dim);
  }

  /** The job with the tokens around documents and the kept fields of the runs that it reads. */
  private Job withSettingsOf(ShardSources runs) {
    ShardsSection shards = job.shards();
    return job.with(
        shards.with(runs.beginOfDocument(shards), runs.endOfDocument(shards), runs.keptFields()));
  }

  /** As {@link PreparedRun#fingerprint}. */
  private String fingerprint(ShardSources runs, FileRef tokenizer, @Nullable FileRef table) {
    String manifests =
        runs.manifests().stream()
            .map(earlier -> Sha256.of(earlier.toJson()))
            .collect(Collectors.joining(" "));
    return Fingerprint.of(
        "join",
        JobWriter.portable(job),
        manifests,
        tokenizer.sha256(),
        table == null ? null : table.sha256());
  }
}
