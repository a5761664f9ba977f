package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.AppendedPlan;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.job.Job;
import org.merganser.job.JobKind;
import org.merganser.job.JobWriter;
import org.merganser.output.Commit;
import org.merganser.output.manifest.Request;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.deadletter.WaitingFile;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.prepare.PreparedRun.LoadedTokenizer;
import org.merganser.pipeline.request.RequestedSources;
import org.merganser.pipeline.select.AppendedFiles;
import org.merganser.pipeline.select.ListedInputs;
import org.merganser.pipeline.select.WorkerExcludedIds;
import org.merganser.pipeline.settings.FieldChecks;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.settings.TrainingTokenChecks;
import org.merganser.pipeline.spec.PretokenReuse;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.report.measure.TextSample;
import org.merganser.store.FileStore;

/**
 * Prepares a run that reads text: it learns a vocabulary, counts tokens or encodes. {@link
 * TokenizerPreparation} decides where its tokenizer comes from.
 */
final class CorpusPreparation {
  /**
   * The files that the job names besides its inputs.
   *
   * @param loaded the tokenizer; null if the job learns one
   * @param table the embedding table; null for none
   * @param excluded the files with the ids of documents that are left out; null for none
   */
  private record NamedFiles(
      @Nullable LoadedTokenizer loaded,
      @Nullable FileRef table,
      RunSpec.@Nullable ExcludedIdFiles excluded) {
    /** The keys of the request about the table and the ids. */
    Map<String, String> requestKeys() {
      Map<String, String> keys = new HashMap<>();
      if (excluded != null) {
        keys.put("corpus.excludeIds", excluded.sha256());
      }
      if (table != null) {
        keys.put(NamedTable.KEY, table.sha256());
      }
      return keys;
    }
  }

  /**
   * Which units are encoded, or have their tokens counted.
   *
   * @param units in order; empty if the job has no corpus
   * @param addsTo as {@link RunSpec#addsTo}
   * @param replacesVersions as {@link PreparedRun#replacesVersions}
   * @param fileCounts how many files the corpus had after each step in which it grew; empty if its
   *     units are those of a corpus that is read at once
   */
  private record EncodingPlan(
      List<WorkUnit> units,
      @Nullable String addsTo,
      boolean replacesVersions,
      List<Integer> fileCounts) {
    static final EncodingPlan NOTHING = EncodingPlan.atOnce(List.of(), false);

    /**
     * The units of a corpus that is read at once.
     *
     * @param replacesVersions as {@link PreparedRun#replacesVersions}
     */
    static EncodingPlan atOnce(List<WorkUnit> units, boolean replacesVersions) {
      String addsTo = null;
      List<Integer> fileCounts = List.of();
      return new EncodingPlan(units, addsTo, replacesVersions, fileCounts);
    }
  }

  private final Job job;

  /** The output folder as the user wrote it. */
  private final OutputPaths paths;

  /** The output folder for workers, which may be started in another folder. */
  private final OutputPaths workerPaths;

  private final ListedInputs inputs;
  private final boolean replace;
  private final SortedMap<String, WaitingFile> waiting;
  private final @Nullable String stage;

  /**
   * @param replace as {@link PreparationOptions#replace}
   * @param waiting as {@link PreparedRun#waiting}
   * @param stage the name of the stage that the run has begun; null for a run that begins
   */
  CorpusPreparation(
      Job job,
      OutputPaths paths,
      ListedInputs inputs,
      boolean replace,
      SortedMap<String, WaitingFile> waiting,
      @Nullable String stage) {
    this.job = job;
    this.paths = paths;
    this.workerPaths = paths.withRoot(FileStore::withAbsolutePath);
    this.inputs = inputs;
    this.replace = replace;
    this.waiting = waiting;
    this.stage = stage;
  }

  /** Lists and plans the inputs and checks the job; writes nothing. */
  PreparedRun prepare() throws IOException {
    FieldChecks.require(job);
    RunSpec.ExcludedIdFiles excluded = WorkerExcludedIds.prepare(job, paths.root());
    requireSafeTraining();
    TokenizerPreparation tokenizers =
        new TokenizerPreparation(job, paths, workerPaths, inputs, excluded);
    NamedFiles named = namedFiles(tokenizers.load(), excluded);

    EncodingPlan plan = job.corpus() == null ? EncodingPlan.NOTHING : encodingPlan(named.loaded());
    List<WorkUnit> training = tokenizers.trainingUnits(plan.units());
    TokenizerPreparation.Source source = tokenizers.source(named.loaded(), training);
    String fingerprint = fingerprint(plan.units(), source.tokenizer(), named);
    RunPaths run = RunPaths.of(workerPaths, stage == null ? fingerprint : stage);
    TokenizerSource tokenizer = tokenizers.locate(source.tokenizer(), run);
    requireRows(named.table(), tokenizer);
    RunKind kind = kind(tokenizer, plan);
    SortedMap<String, String> requestKeys = new TreeMap<>(source.requestKeys());
    requestKeys.putAll(requestKeysOfCorpus(kind, plan, training));
    requestKeys.putAll(named.requestKeys());
    Request request = RequestedSources.beforeReading(job, requestKeys);
    RunSpec spec = new RunSpec(job.anywhere(), run, kind, named.table(), excluded, request);
    List<WorkUnit> encoded = kind instanceof RunKind.OfCorpus ? plan.units() : List.of();
    List<WorkUnit> counted = tokenizer instanceof TokenizerSource.FromText ? training : List.of();
    List<ReadVersion> sources = List.of();
    String before = Commit.manifestInPlace(paths.root());
    return new PreparedRun(
        paths,
        spec,
        encoded,
        counted,
        named.loaded(),
        fingerprint,
        inputs.versions(),
        inputs.skipped(),
        waiting,
        sources,
        before,
        plan.replacesVersions());
  }

  /** Checks what can be checked of training before any text is read. */
  private void requireSafeTraining() {
    if (job.requireTokenizer().train() != null) {
      TrainingTokenChecks.require(job);
    }
  }

  /** Checks the embedding table, and that the layouts fit the tokenizer if that is loaded. */
  private NamedFiles namedFiles(
      @Nullable LoadedTokenizer loaded, RunSpec.@Nullable ExcludedIdFiles excluded)
      throws IOException {
    // A learned vocabulary may be smaller than requested, so the table is checked after training.
    FileRef table = NamedTable.check(job, loaded == null ? 0 : loaded.tokenizer().idBound());
    if (loaded != null) {
      new JobLayouts(job).requireFill();
    }
    return new NamedFiles(loaded, table, excluded);
  }

  /** Checks that the table has a row for each id of a tokenizer that an earlier run has learned. */
  private static void requireRows(@Nullable FileRef table, TokenizerSource tokenizer) {
    if (tokenizer instanceof TokenizerSource.LearnedBefore learned) {
      WorkerTables.requireRows(table, WorkerTokenizers.get(learned.file()).idBound());
    }
  }

  /** As {@link PreparedRun#fingerprint}. */
  private String fingerprint(List<WorkUnit> units, TokenizerSource tokenizer, NamedFiles named)
      throws IOException {
    LoadedTokenizer loaded = named.loaded();
    FileRef table = named.table();
    RunSpec.ExcludedIdFiles excluded = named.excluded();
    String fingerprint =
        Fingerprint.of(
            "run",
            JobWriter.portable(job),
            inputs.fingerprint(units),
            tokenizer.fingerprint(),
            loaded == null ? null : loaded.config(),
            table == null ? null : table.sha256(),
            TokenizerPreparation.referenceSha256s(job));
    return excluded == null
        ? fingerprint
        : Fingerprint.of("excluding", excluded.sha256(), fingerprint);
  }

  /**
   * The keys of the request about the steps in which the corpus grew, about text that an earlier
   * run has read to learn the tokenizer, and about the formats of the text that is encoded.
   *
   * @param training the units to learn from
   */
  private Map<String, String> requestKeysOfCorpus(
      RunKind kind, EncodingPlan plan, List<WorkUnit> training) throws IOException {
    Map<String, String> keys = new HashMap<>();
    if (plan.fileCounts().size() > 1) {
      keys.put("corpus.append", plan.fileCounts().toString());
    }
    if (kind.tokenizer() instanceof TokenizerSource.LearnedBefore
        && !training.isEmpty() // it is empty if the tokenizer was learned from tables of counts
        && (job.kind() == JobKind.TRAIN || !training.equals(plan.units()))) {
      keys.putAll(new RequestedSources(paths).keys(RequestedSources.trainingKey(job), training));
    }
    if (kind instanceof RunKind.OfCorpus) {
      keys.putAll(RequestedSources.formats(RequestedSources.CORPUS, plan.units()));
    }
    return keys;
  }

  /** What the run does, with the plan that it reads. */
  private RunKind kind(TokenizerSource tokenizer, EncodingPlan plan) {
    return switch (job.kind()) {
      case TRAIN -> new RunKind.Train(tokenizer);
      case COUNT -> new RunKind.CountTokens(tokenizer, location(plan));
      case ENCODE ->
          new RunKind.Encode(
              tokenizer,
              location(plan),
              TextSample.of(PreparedRun.textBytes(plan.units()), job.report().sampleBytes()),
              plan.addsTo(),
              PretokenReuse.of(job));
      case FROM_SHARDS -> throw new IllegalStateException("ShardsPreparation makes this kind");
    };
  }

  /** Where workers read the plan, which is written when the run begins. */
  private String location(EncodingPlan plan) {
    return workerPaths.at(OutputPaths.plan(inputs.fingerprint(plan.units())));
  }

  /** Plans the inputs of the job; a growing output keeps the units that it has. */
  private EncodingPlan encodingPlan(@Nullable LoadedTokenizer loaded) throws IOException {
    List<InputFile> files = inputs.list(ReadingSettings.encodingSettings(job));
    if (!job.requireCorpus().append()) {
      boolean replacesVersions = false;
      return EncodingPlan.atOnce(CorpusPlanner.plan(files), replacesVersions);
    }
    OutputVersions versions = new OutputVersions(paths);
    OutputVersions.Version base = versions.base();
    if (base != null) {
      requireVocabulary(loaded, base.manifest().tokenizerSha256());
    }
    return growingPlan(files, versions.inputs(), base == null ? null : base.sha256());
  }

  /**
   * Plans the inputs of a growing output.
   *
   * @param files the inputs as they are now
   * @param versions the files of each version, oldest first
   * @param addsTo the sha256 of the newest version; null for none
   */
  private EncodingPlan growingPlan(
      List<InputFile> files,
      List<Map<String, AppendedPlan.Source>> versions,
      @Nullable String addsTo)
      throws IOException {
    Map<String, AppendedPlan.Source> encoded =
        versions.isEmpty() ? Map.of() : versions.get(versions.size() - 1);
    AppendedFiles appended =
        AppendedFiles.find(paths, job.requireCorpus(), files, encoded, waiting, inputs.skipped());
    List<InputFile> read = appended.toRead();
    boolean replacesVersions = replace && appended.hasChanged() && !appended.keepsChanged();
    if (replacesVersions) {
      return EncodingPlan.atOnce(CorpusPlanner.plan(appended.toReadAgain()), replacesVersions);
    }
    appended.requireUnchanged();
    // A corpus that grew in steps has other units than the same corpus at once.
    List<Integer> fileCounts =
        Stream.concat(versions.stream().map(Map::size), Stream.of(read.size())).distinct().toList();
    try {
      List<WorkUnit> units = AppendedPlan.of(versions, read);
      return new EncodingPlan(units, addsTo, replacesVersions, fileCounts);
    } catch (CorpusException e) {
      throw RunException.changed("%s", e.getMessage()).causedBy(e);
    }
  }

  /**
   * Checks that a loaded vocabulary is that of the output.
   *
   * @param loaded null if the job learns the vocabulary
   * @param sha256 of the vocabulary with which the output was encoded
   * @throws RunException if the job loads another one
   */
  private void requireVocabulary(@Nullable LoadedTokenizer loaded, String sha256)
      throws IOException {
    if (loaded == null || Sha256.of(loaded.json()).equals(sha256)) {
      return;
    }
    String location = job.at(Objects.requireNonNull(job.requireTokenizer().load()));
    throw RunException.changed(
        "%s: %s is another vocabulary than %s, with which the output was encoded;"
            + " load that one, or choose another output",
        TokenizerPreparation.LOAD,
        dated(TokenizerLocation.of(location, TokenizerPreparation.LOAD)),
        dated(paths.at(paths.tokenizerJson())));
  }

  /** A file with the day and the minute of its last change. */
  private static String dated(String location) throws IOException {
    Instant changed = Instant.ofEpochMilli(FileStore.of(location).stat(location).modified());
    return "%s (of %s)".formatted(location, changed.truncatedTo(ChronoUnit.MINUTES));
  }
}
