package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.merganser.checksum.Sha256;
import org.merganser.job.Job;
import org.merganser.job.JobWriter;
import org.merganser.output.Commit;
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
 */
record ShardsPreparation(Job job, OutputPaths paths, ListedInputs inputs) {

  PreparedRun prepare() throws IOException {
    List<String> from = Objects.requireNonNull(job.shards().from());
    List<ReadVersion> read = new ArrayList<>();
    for (String run : from) {
      read.add(ReadVersion.of(OutputPaths.of(job.at(run), false).root()));
    }
    try {
      return prepare(from, read);
    } catch (IOException | RuntimeException e) {
      ReadVersion.requireSameAfter(read, e); // says more than that a list does not fit another
      throw e;
    }
  }

  private PreparedRun prepare(List<String> from, List<ReadVersion> read) throws IOException {
    ShardSources runs = ShardSources.of(from.stream().map(job::at).toList());
    Manifest manifest = runs.manifests().get(0);
    FileRef tokenizer = FinishedOutput.at(runs.first()).tokenizer();
    FileRef table = NamedTable.check(job, WorkerTokenizers.get(tokenizer).idBound());
    Job.Embeddings embeddings = job.embeddings();
    if (embeddings != null && embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE)) {
      UnitJoiner.requireRoom(
          embeddings,
          manifest.totals().sums().tokens() + manifest.totals().sums().validation().tokens(),
          table == null ? job.requireLearnedVectors().dim() : WorkerTables.get(table).dim());
    }
    boolean masked = runs.masked(job.shards());
    Job resolved =
        job.with(
            job.shards()
                .with(
                    runs.beginOfDocument(job.shards()),
                    runs.endOfDocument(job.shards()),
                    runs.kept()));
    new JobLayouts(resolved).requireFill();
    SortedMap<String, String> asked = new TreeMap<>();
    for (int i = 0; i < from.size(); i++) {
      Manifest run = runs.manifests().get(i);
      asked.put(String.format(Locale.ROOT, "shards.from[%d]", i), run.data());
    }
    RunKind kind =
        new RunKind.FromShards(
            new TokenizerSource.OfEarlierRun(
                new FileRef(FileStore.located(tokenizer.location()), tokenizer.sha256())),
            runs.outputs().stream().map(run -> run.at(FileStore::located)).toList(),
            masked);
    String fingerprint =
        Fingerprint.of(
            "join",
            JobWriter.portable(job),
            runs.manifests().stream()
                .map(earlier -> Sha256.of(earlier.toJson()))
                .collect(Collectors.joining(" ")),
            tokenizer.sha256(),
            table == null ? null : table.sha256());
    if (table != null) {
      asked.put("embeddings.table", table.sha256());
    }
    OutputPaths workers = paths.at(FileStore::located);
    return new PreparedRun(
        paths,
        /* spec= */ new RunSpec(
            resolved.anywhere(),
            RunPaths.of(workers, fingerprint),
            kind,
            table,
            null,
            RequestedSources.beforeReading(resolved, asked)),
        /* units= */ List.of(),
        /* trainingUnits= */ List.of(),
        /* loaded= */ null,
        fingerprint,
        inputs.versions(),
        inputs.skipped(),
        /* waiting= */ Collections.emptySortedMap(),
        /* sources= */ read,
        /* before= */ Commit.manifestInPlace(paths.root()),
        /* replacesVersions= */ false);
  }
}
