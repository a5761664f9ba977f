package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.AppendedPlan;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.Request;
import org.merganser.job.Job;
import org.merganser.job.JobKind;
import org.merganser.job.JobWriter;
import org.merganser.job.Key;
import org.merganser.json.Decides;
import org.merganser.output.Commit;
import org.merganser.pipeline.join.UnitJoiner;
import org.merganser.pipeline.learn.LearnedModels;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunLayout;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.pipeline.output.finished.ShardSources;
import org.merganser.pipeline.output.loss.WaitingFile;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.prepare.PreparedRun.LoadedTokenizer;
import org.merganser.pipeline.request.RequestedSources;
import org.merganser.pipeline.select.AppendedFiles;
import org.merganser.pipeline.select.ListedInputs;
import org.merganser.pipeline.select.WorkerExcludedIds;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.SequenceReuse;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.report.measure.TextSample;
import org.merganser.store.FileStore;

/** Everything that is decided and checked before a run begins; writes nothing. */
public final class RunPreparation {
  private final Job job;
  private final OutputLayout layout;

  private final OutputLayout workers;

  private final ListedInputs inputs;

  /** As {@link RunSpec#addsTo}. */
  private @Nullable String addsTo;

  private RunSpec.@Nullable ExcludedIdFiles excludedIds;

  private final SortedMap<String, String> asked = new TreeMap<>();

  private final boolean replace;
  private final SortedMap<String, WaitingFile> waiting;
  private final @Nullable String stage;

  /** As {@link PreparedRun#anew}. */
  private boolean anew;

  private RunPreparation(
      Job job,
      OutputLayout layout,
      ListedInputs inputs,
      boolean replace,
      SortedMap<String, WaitingFile> waiting,
      @Nullable String stage) {
    this.stage = stage;
    this.replace = replace;
    this.waiting = waiting;
    this.job = job;
    this.layout = layout;
    this.workers = layout.at(FileStore::located);
    this.inputs = inputs;
  }

  public static PreparedRun prepare(Job job, boolean rehash) throws IOException {
    return prepare(job, rehash, false, new TreeMap<>(), null);
  }

  /**
   * @param rehash whether input files are read to find out which have changed
   * @param replace whether changed files of a growing output are encoded again with all others
   * @param waiting as {@link PreparedRun#waiting}
   * @param stage the name of the stage that the run has begun; null for a run that begins
   */
  public static PreparedRun prepare(
      Job job,
      boolean rehash,
      boolean replace,
      SortedMap<String, WaitingFile> waiting,
      @Nullable String stage)
      throws IOException {
    OutputLayout layout = OutputLayout.of(job.at(job.output()), job.kind() == JobKind.TRAIN);
    OutputFolder.requireOutside(job, layout);
    OutputFolder.requireOurs(layout);
    OutputFolder.requireNoRunWithin(layout);
    FinishedOutput.requireOwnSchema(layout);
    if (job.corpus() == null || !job.corpus().append()) {
      new OutputVersions(layout).requireNone();
    }
    RunPreparation preparation =
        new RunPreparation(job, layout, new ListedInputs(layout, rehash), replace, waiting, stage);
    try {
      return job.kind() == JobKind.FROM_SHARDS ? preparation.joining() : preparation.reading();
    } catch (CorpusException | RunException missing) {
      throw MissingSources.explained(missing, job, layout);
    }
  }

  /** The location of the job's table, from the current folder; null without a table. */
  private @Nullable String table() throws IOException {
    String named = job.embeddings() == null ? null : job.embeddings().table();
    if (named == null) {
      return null;
    }
    String location = job.at(named);
    return FileStore.of(location).isFolder(location)
        ? LearnedModels.open(location).table()
        : location;
  }

  private PreparedRun reading() throws IOException {
    ReadingSettings.requireFields(job);
    excludedIds = WorkerExcludedIds.prepare(job, layout.root());
    Job.TokenizerChoice choice = job.requireTokenizer();
    if (choice.train() != null) {
      // checked before any text is read
      TrainingSettings.of(job).requireSafe(choice.train());
      TrainingSettings.of(job).requireBegin(job.shards());
      TrainingSettings.ofTokenizer(job).requireSafe(choice.train());
    }
    TokenizerPreparation tokenizers =
        new TokenizerPreparation(job, layout, workers, inputs, excludedIds, asked);
    LoadedTokenizer loaded = tokenizers.load();
    // A learned vocabulary may be smaller than requested, so its rows are checked after training.
    int rowsNeeded = loaded == null ? 0 : loaded.tokenizer().idBound();
    FileRef table = WorkerTables.check(table(), rowsNeeded);
    if (loaded != null) {
      new JobLayouts(job).check();
    }

    List<WorkUnit> units = job.corpus() == null ? List.of() : encodingPlan(loaded);
    List<WorkUnit> training = tokenizers.units(units);
    TokenizerSource source = tokenizers.source(loaded, training);
    String fingerprint =
        Fingerprint.of(
            "run",
            JobWriter.portable(job),
            inputs.fingerprint(units),
            source.fingerprint(),
            loaded == null ? null : loaded.config(),
            sha256(table),
            tokenizers.referenceSha256());
    if (excludedIds != null) {
      fingerprint = Fingerprint.of("excluding", excludedIds.sha256(), fingerprint);
      asked.put("corpus.excludeIds", excludedIds.sha256());
    }
    RunLayout run = RunLayout.of(workers, stage == null ? fingerprint : stage);
    TokenizerSource tokenizer = tokenizers.ready(source, run);
    if (tokenizer instanceof TokenizerSource.LearnedBefore learned) {
      WorkerTables.requireRows(table, WorkerTokenizers.get(learned.file()).idBound());
    }
    if (tokenizer instanceof TokenizerSource.LearnedBefore
        && !training.isEmpty() // empty if it was learned from tables of counts
        && (job.kind() == JobKind.TRAIN || !training.equals(units))) {
      asked.putAll(new RequestedSources(layout).keys(RequestedSources.learnedFrom(job), training));
    }
    RunKind kind = kind(tokenizer, units);
    if (kind instanceof RunKind.OfCorpus) {
      asked.putAll(RequestedSources.formats(RequestedSources.CORPUS, units));
    }
    return new PreparedRun(
        layout,
        spec(job, run, kind, table),
        kind instanceof RunKind.OfCorpus ? units : List.of(),
        tokenizer instanceof TokenizerSource.FromText ? training : List.of(),
        loaded,
        fingerprint,
        inputs.versions(),
        inputs.leftOut(),
        waiting,
        List.of(),
        Commit.manifestInPlace(layout.root()),
        anew);
  }

  private RunKind kind(TokenizerSource tokenizer, List<WorkUnit> units) {
    return switch (job.kind()) {
      case TRAIN -> new RunKind.Train(tokenizer);
      case COUNT -> new RunKind.CountTokens(tokenizer, planLocation(units));
      case ENCODE ->
          new RunKind.Encode(
              tokenizer,
              planLocation(units),
              TextSample.of(PreparedRun.textBytes(units), job.report().sampleBytes()),
              addsTo,
              SequenceReuse.of(job));
      case FROM_SHARDS -> throw new IllegalStateException("joining() makes this kind");
    };
  }

  /**
   * @param resolved the job, with the tokens around documents of an earlier run if there is one
   */
  private RunSpec spec(Job resolved, RunLayout run, RunKind kind, @Nullable FileRef table) {
    SortedMap<String, String> keys = Key.values(resolved, Decides.requested());
    keys.putAll(asked);
    if (table != null) {
      keys.put("embeddings.table", table.sha256());
    }
    return new RunSpec(resolved.anywhere(), run, kind, table, excludedIds, Request.of(keys));
  }

  private static @Nullable String sha256(@Nullable FileRef table) {
    return table == null ? null : table.sha256();
  }

  private PreparedRun joining() throws IOException {
    List<String> from = Objects.requireNonNull(job.shards().from());
    ShardSources runs = ShardSources.of(from.stream().map(job::at).toList());
    List<ReadVersion> read = new ArrayList<>();
    for (OutputLayout run : runs.layouts()) {
      read.add(ReadVersion.of(run.root()));
    }
    Manifest manifest = runs.manifests().get(0);
    FileRef tokenizer = FinishedOutput.tokenizer(runs.first());
    FileRef table = WorkerTables.check(table(), WorkerTokenizers.get(tokenizer).idBound());
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
                .ofEarlier(
                    runs.beginOfDocument(job.shards()),
                    runs.endOfDocument(job.shards()),
                    runs.kept()));
    new JobLayouts(resolved).check();
    for (int i = 0; i < from.size(); i++) {
      Manifest run = runs.manifests().get(i);
      asked.put(String.format(Locale.ROOT, "shards.from[%d]", i), run.data());
    }
    RunKind kind =
        new RunKind.FromShards(
            new TokenizerSource.OfEarlierRun(
                new FileRef(FileStore.located(tokenizer.location()), tokenizer.sha256())),
            runs.layouts().stream().map(run -> run.at(FileStore::located)).toList(),
            masked);
    String fingerprint =
        Fingerprint.of(
            "join",
            JobWriter.portable(job),
            runs.manifests().stream()
                .map(earlier -> Sha256.of(earlier.toJson()))
                .collect(Collectors.joining(" ")),
            tokenizer.sha256(),
            sha256(table));
    return new PreparedRun(
        layout,
        spec(resolved, RunLayout.of(workers, fingerprint), kind, table),
        List.of(),
        List.of(),
        null,
        fingerprint,
        inputs.versions(),
        inputs.leftOut(),
        waiting,
        read,
        Commit.manifestInPlace(layout.root()),
        anew);
  }

  /** A file with the day and the minute of its last change. */
  private static String dated(String location) throws IOException {
    Instant changed = Instant.ofEpochMilli(FileStore.of(location).stat(location).modified());
    return "%s (of %s)".formatted(location, changed.truncatedTo(ChronoUnit.MINUTES));
  }

  private String planLocation(List<WorkUnit> units) {
    return workers.at(OutputLayout.plan(inputs.fingerprint(units)));
  }

  private List<WorkUnit> encodingPlan(@Nullable LoadedTokenizer loaded) throws IOException {
    List<InputFile> files = inputs.list(ReadingSettings.encodingSettings(job));
    if (!job.requireCorpus().append()) {
      return CorpusPlanner.plan(files);
    }
    OutputVersions.State state = new OutputVersions(layout).base();
    if (state != null) {
      String made = state.manifest().tokenizerSha256();
      if (loaded != null && !Sha256.of(loaded.json()).equals(made)) {
        String named = job.at(String.valueOf(job.requireTokenizer().load()));
        throw RunException.changed(
            "tokenizer.load: %s is another vocabulary than %s, with which the output was encoded;"
                + " load that one, or choose another output",
            dated(FinishedOutput.tokenizerOf(named, "tokenizer.load")),
            dated(layout.at(layout.tokenizerJson())));
      }
      addsTo = state.sha256();
    }
    List<Map<String, AppendedPlan.Source>> steps = new OutputVersions(layout).inputs();
    Map<String, AppendedPlan.Source> encoded =
        steps.isEmpty() ? Map.of() : steps.get(steps.size() - 1);
    AppendedFiles appended =
        new AppendedFiles(layout, job.requireCorpus(), encoded, waiting, inputs.leftOut());
    List<InputFile> read = appended.of(files);
    anew = replace && appended.hasChanged() && !appended.keepsChanged();
    if (anew) {
      addsTo = null;
      return CorpusPlanner.plan(files);
    }
    appended.requireUnchanged();
    // A corpus that grew in steps has other units than the same corpus at once.
    List<Integer> grown =
        Stream.concat(steps.stream().map(Map::size), Stream.of(read.size())).distinct().toList();
    if (grown.size() > 1) {
      asked.put("corpus.append", grown.toString());
    }
    try {
      return AppendedPlan.of(steps, read);
    } catch (CorpusException e) {
      throw RunException.changed("%s", e.getMessage()).causedBy(e);
    }
  }
}
