package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.AppendedPlan;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.select.DeadRecords;
import org.merganser.dataset.Manifest;
import org.merganser.job.Job;
import org.merganser.job.JobLocations;
import org.merganser.job.JobSource;
import org.merganser.job.JobWriter;
import org.merganser.job.ShardsSection;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.PreparedRun.LoadedTokenizer;
import org.merganser.pipeline.join.JoinInputs;
import org.merganser.pipeline.output.EarlierRuns;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OutputStates;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.select.RunInputs;
import org.merganser.pipeline.select.WorkerDeadRecords;
import org.merganser.pipeline.step.CountingPlan;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.pipeline.step.WorkerTables;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.pipeline.train.TokenizerReceipt;
import org.merganser.report.measure.TextSample;
import org.merganser.shard.ShardColumn;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** Everything that is decided and checked before a run begins; writes nothing. */
public final class RunPreparation {
  private final JobSource source;
  private final Job job;
  private final OutputLayout layout;

  /** The same for workers, which may be started in another folder. */
  private final OutputLayout workers;

  private final RunInputs inputs;

  /** Documents that are left out. */
  private RunSpec.@Nullable ExcludedIdFiles excludedIds;

  /** Of lists of units: of millions of files it takes seconds. */
  private final IdentityHashMap<List<WorkUnit>, String> fingerprints = new IdentityHashMap<>();

  private RunPreparation(JobSource source, OutputLayout layout, RunInputs inputs) {
    this.source = source;
    this.job = source.job();
    this.layout = layout;
    this.workers = layout.at(FileStore::located);
    this.inputs = inputs;
  }

  public static PreparedRun prepare(Job job) throws IOException {
    return prepare(JobSource.of(job), false);
  }

  /**
   * Prepares a run.
   *
   * @param rehash whether input files are read to find out which have changed
   */
  static PreparedRun prepare(JobSource read, boolean rehash) throws IOException {
    return prepare(read, new RunInputs(layout(read.job()), rehash));
  }

  /** Prepares runs with one output folder and one corpus, which is listed once. */
  public static List<PreparedRun> prepareAll(List<JobSource> jobs) throws IOException {
    RunInputs inputs = new RunInputs(layout(jobs.get(0).job()), false);
    List<PreparedRun> prepared = new ArrayList<>();
    for (JobSource job : jobs) {
      prepared.add(prepare(job, inputs));
    }
    return prepared;
  }

  private static OutputLayout layout(Job job) {
    return OutputLayout.of(job.output(), onlyLearns(job));
  }

  private static PreparedRun prepare(JobSource read, RunInputs inputs) throws IOException {
    Job job = JobLocations.changed(read.job(), RunPreparation::fileOfRun);
    JobSource source = new JobSource(job, read.written(), read.folder());
    OutputLayout layout = layout(job);
    OutputFolder.requireOutside(job, layout);
    OutputFolder.requireOurs(layout);
    RunPreparation preparation = new RunPreparation(source, layout, inputs);
    return job.shards().from() == null ? preparation.reading() : preparation.joining();
  }

  /** Without shards, a run learns a vocabulary, or counts the tokens of the one that it loads. */
  private static boolean onlyLearns(Job job) {
    return job.shards().formats().isEmpty()
        && job.tokenizer() != null
        && job.tokenizer().train() != null;
  }

  /** The file that a location means which names the output folder of a run instead. */
  private static String fileOfRun(String key, String location) {
    try {
      return switch (key) {
        case "tokenizer.load", "tokenizer.train.continueFrom", "report.reference" ->
            FinishedOutput.tokenizerOf(location, key);
        case "embeddings.table" ->
            FileStore.of(location).isFolder(location)
                ? LearnedRun.open(location).table()
                : location;
        default -> location;
      };
    } catch (IOException e) {
      throw new UncheckedIOException(key + ": " + location + ": cannot be looked at", e);
    }
  }

  /** A run that reads text: trains or loads, then encodes and joins as the job says. */
  private PreparedRun reading() throws IOException {
    JobComponents.requireFields(job);
    excludedIds = inputs.excludedIds(job);
    Job.TokenizerChoice choice = JobComponents.tokenizer(job);
    if (choice.train() != null) {
      // Refused before text is read.
      TrainingSettings.of(choice.train()).requireSafe(choice.train());
      TrainingSettings.ofTokenizer(choice.train()).requireSafe(choice.train());
      TrainingSettings.ofTokenizer(choice.train()).requireReachable(choice.train());
    }
    LoadedTokenizer loaded = choice.load() == null ? null : load(choice.load());
    // A vocabulary that is learned may turn out smaller than asked for: it is looked at then.
    int rowsNeeded = loaded == null ? 0 : loaded.tokenizer().idBound();
    String table = WorkerTables.check(job.embeddings(), rowsNeeded);
    if (loaded != null) {
      new LayoutPlan(job).check(loaded.tokenizer(), String.valueOf(choice.load()));
    }

    List<WorkUnit> units = job.corpus() == null ? List.of() : encodingPlan();
    List<WorkUnit> training = trainingPlan(units);
    TokenizerSource tokenizer = loaded == null ? learning(training) : publishing(loaded);
    if (tokenizer instanceof TokenizerSource.LearnedBefore learned) {
      WorkerTables.requireRows(
          tableRef(job, table), WorkerTokenizers.get(learned.file()).idBound());
    }
    String fingerprint =
        Fingerprint.of(
            "run",
            ManifestPublication.portableJob(source.written()),
            fingerprint(units),
            tokenizer.fingerprint(),
            table,
            job.corpus() == null ? "" : WorkerDeadRecords.sha256(job),
            referenceSha256());
    if (excludedIds != null) {
      fingerprint = Fingerprint.of("excluding", excludedIds.sha256(), fingerprint);
    }
    RunKind kind = kind(tokenizer, units);
    return new PreparedRun(
        source,
        spec(job, source.written(), kind, table),
        kind instanceof RunKind.OfCorpus ? units : List.of(),
        tokenizer instanceof TokenizerSource.FromText ? training : List.of(),
        loaded,
        fingerprint,
        inputs.versions());
  }

  private RunKind kind(TokenizerSource tokenizer, List<WorkUnit> units) {
    if (onlyLearns(job)) {
      return new RunKind.Train(tokenizer);
    }
    return job.shards().formats().isEmpty()
        ? new RunKind.CountTokens(tokenizer, planLocation(units))
        : new RunKind.Encode(tokenizer, planLocation(units), sample(units));
  }

  /**
   * The run for its workers: here, and nowhere else, the locations that its user wrote become those
   * that mean the same in any folder.
   *
   * @param resolved the job; the earlier run's token at the end of documents is in it
   * @param written the same with locations as its user wrote them
   */
  private RunSpec spec(Job resolved, Job written, RunKind kind, @Nullable String tableSha256) {
    Job located = JobLocations.changed(resolved, (key, location) -> FileStore.located(location));
    return new RunSpec(
        located, written, workers, kind, tableRef(located, tableSha256), excludedIds);
  }

  private static @Nullable FileRef tableRef(Job job, @Nullable String sha256) {
    String table = job.embeddings() == null ? null : job.embeddings().table();
    return table == null ? null : new FileRef(table, Objects.requireNonNull(sha256));
  }

  private TokenizerSource publishing(LoadedTokenizer loaded) {
    String sha256 = Sha256.of(loaded.json());
    return new TokenizerSource.Loaded(
        Fingerprint.of("loaded", sha256, job.shards().endOfDocument()),
        new FileRef(workers.at(workers.tokenizerFile("tokenizer.json")), sha256));
  }

  /** Learning from tables of counts: there are no units to count. */
  private TokenizerSource fromCounts(TrainSection train) throws IOException {
    List<String> sums = new ArrayList<>();
    for (String location : train.counts()) {
      try {
        sums.add(Sha256.of(LocalFiles.of(location)));
      } catch (NoSuchFileException e) {
        throw new RunException(
            "tokenizer.train.counts: " + location + ": there is no such file", e);
      }
    }
    String fingerprint =
        Fingerprint.of(
            "learn",
            sums,
            continuedSha256(train),
            JobWriter.sectionTree(JobComponents.train(source.written())),
            job.shards().endOfDocument());
    TokenizerReceipt receipt = TokenizerReceipt.find(layout, fingerprint);
    return receipt == null
        ? new TokenizerSource.FromCounts(fingerprint)
        : new TokenizerSource.LearnedBefore(fingerprint, receipt.ref(workers));
  }

  private static @Nullable String continuedSha256(TrainSection train) throws IOException {
    String location = train.continueFrom();
    return location == null ? null : Sha256.of(FileStore.of(location).readAll(location));
  }

  /** The units that a vocabulary is learned from; none where it is loaded, or counts are given. */
  private List<WorkUnit> trainingPlan(List<WorkUnit> units) throws IOException {
    TrainSection train = JobComponents.tokenizer(job).train();
    if (train == null || !train.counts().isEmpty()) {
      return List.of();
    }
    return train.inputs().isEmpty() ? units : plan(JobComponents.trainingSettings(job));
  }

  private TokenizerSource learning(List<WorkUnit> units) throws IOException {
    TrainSection train = JobComponents.train(job);
    return train.counts().isEmpty() ? fromText(train, units) : fromCounts(train);
  }

  /** Learning from text, unless that was done before. */
  private TokenizerSource fromText(TrainSection train, List<WorkUnit> units) throws IOException {
    TrainingSettings frame = TrainingSettings.of(train);
    String countFingerprint =
        Fingerprint.of(
            "count",
            JobComponents.reading(JobComponents.trainingSettings(job)),
            frame.normalizer(),
            frame.preTokenizer(),
            train.addedTokens(),
            JobComponents.rejected(job, frame),
            train.feed(),
            JobComponents.corpus(job).validation(),
            JobComponents.corpus(job).deduplicate());
    if (excludedIds != null) {
      countFingerprint = Fingerprint.of("excluding", excludedIds.sha256(), countFingerprint);
    }
    if (train.countsByGroup()) {
      countFingerprint = Fingerprint.of("by group", countFingerprint);
    }
    if (train.superwords() != null) {
      countFingerprint = Fingerprint.of(countFingerprint, "no document is cut");
    }
    String fingerprint =
        Fingerprint.of(
            "learn",
            countFingerprint,
            continuedSha256(train),
            fingerprint(units),
            JobWriter.sectionTree(JobComponents.train(source.written())),
            job.shards().endOfDocument());
    if (train.parity() != null && !train.parity().dev().isEmpty()) {
      List<WorkUnit> development = plan(JobComponents.developmentSettings(job));
      fingerprint = Fingerprint.of("dev", fingerprint(development), fingerprint);
    }
    TokenizerReceipt receipt = TokenizerReceipt.find(layout, fingerprint);
    return receipt == null
        ? new TokenizerSource.FromText(
            fingerprint, planLocation(units), CountingPlan.of(units), countFingerprint)
        : new TokenizerSource.LearnedBefore(fingerprint, receipt.ref(workers));
  }

  private LoadedTokenizer load(String location) throws IOException {
    byte[] json;
    try {
      json = FileStore.of(location).readAll(location);
    } catch (NoSuchFileException e) {
      throw new RunException(
          "tokenizer.load: " + location + ": there is no such file; it names a tokenizer.json", e);
    }
    Tokenizer tokenizer = Tokenizer.read(json, location);
    String end = job.shards().endOfDocument();
    if (end != null && tokenizer.id(end) < 0) {
      throw new RunException(
          "shards.endOfDocument: \"%s\" is not a token of %s; its special tokens are %s"
              .formatted(
                  end,
                  location,
                  tokenizer.addedTokens().stream().map(token -> token.content()).toList()));
    }
    return new LoadedTokenizer(tokenizer, json);
  }

  /** A run that joins the shards of an earlier one, or makes other layouts of them. */
  private PreparedRun joining() throws IOException {
    List<OutputLayout> runs = EarlierRuns.of(Objects.requireNonNull(job.shards().from()));
    OutputLayout earlier = runs.get(0);
    Manifest manifest = FinishedOutput.manifest(earlier);
    List<String> shards = new ArrayList<>();
    for (OutputLayout run : runs) {
      Manifest of = FinishedOutput.manifest(run);
      shards.add(of.outputs().sha256());
      requireGroups(of, run);
    }
    FileRef tokenizer = FinishedOutput.tokenizer(earlier);
    String table = WorkerTables.check(job.embeddings(), WorkerTokenizers.get(tokenizer).idBound());
    Job.Embeddings embeddings = job.embeddings();
    if (embeddings != null && embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE)) {
      JoinInputs.requireRoom(
          embeddings,
          manifest.totals().tokens() + manifest.totals().validation().tokens(),
          embeddings.table() == null
              ? JobComponents.learnedVectors(job).dim()
              : WorkerTables.get(Objects.requireNonNull(tableRef(job, table))).dim());
    }
    boolean masked = masked(runs);
    List<String> kept = kept(runs);
    Job resolved = ofEarlier(manifest, kept);
    new LayoutPlan(resolved).check(WorkerTokenizers.get(tokenizer), tokenizer.location());
    RunKind kind =
        new RunKind.FromShards(
            new TokenizerSource.OfEarlierRun(
                new FileRef(FileStore.located(tokenizer.location()), tokenizer.sha256())),
            runs.stream().map(run -> run.at(FileStore::located)).toList(),
            masked);
    return new PreparedRun(
        source,
        spec(
            resolved,
            withEnd(source.written(), resolved.shards().endOfDocument(), kept),
            kind,
            table),
        List.of(),
        List.of(),
        null,
        Fingerprint.of(
            "join",
            ManifestPublication.portableJob(source.written()),
            String.join(" ", shards),
            tokenizer.sha256(),
            table),
        inputs.versions());
  }

  /** Whether the documents of earlier runs have a loss mask: all of them do, or none. */
  private boolean masked(List<OutputLayout> runs) throws IOException {
    List<OutputLayout> with = new ArrayList<>();
    List<OutputLayout> without = new ArrayList<>();
    for (OutputLayout run : runs) {
      boolean segments =
          FinishedOutput.manifest(run).job().path("corpus").hasNonNull("segmentsField");
      (segments ? with : without).add(run);
    }
    if (with.isEmpty()) {
      if (job.shards().columns().get(ShardColumn.LOSS_MASK) != null) {
        throw new RunException(
            "shards.columns.lossMask: the documents of %s have no loss mask"
                .formatted(runs.get(0).root()));
      }
      return false;
    }
    if (!without.isEmpty()) {
      throw new RunException(
          ("shards.from: the documents of %s have a loss mask (corpus.segmentsField), those of %s"
                  + " have none; write texts that are trained on as a whole as one segment with loss:"
                  + " true, and encode them so")
              .formatted(with.get(0).root(), without.get(0).root()));
    }
    List<String> problems = new ArrayList<>(job.shards().withoutPlaceForMasks());
    if (job.shards().columns().containsKey(ShardColumn.LOSS_MASK)
        && job.shards().columns().get(ShardColumn.LOSS_MASK) == null) {
      problems.add("shards.columns.lossMask: null leaves out the loss mask of ids");
    }
    if (!problems.isEmpty()) {
      throw new RunException(
          "%s; the documents of %s have one (corpus.segmentsField)"
              .formatted(String.join("; ", problems), with.get(0).root()));
    }
    return true;
  }

  /** Refuses weights of groups where the documents have none. */
  private void requireGroups(Manifest earlier, OutputLayout run) {
    ShardsSection.Shuffle shuffle = job.shards().shuffle();
    if (shuffle != null
        && shuffle.weights() != null
        && !earlier.job().path("shards").hasNonNull("groupBy")
        && !earlier.job().path("shards").hasNonNull("partitionBy")) {
      throw new RunException(
          ("shards.shuffle.weights: the documents of %s have no group; run its job again with"
                  + " shards.groupBy")
              .formatted(run.root()));
    }
  }

  /**
   * The job with the token that ends the documents of the earlier run, which none may contradict.
   */
  private Job ofEarlier(Manifest earlier, List<String> kept) {
    ShardsSection shards = job.shards();
    JsonNode end = earlier.job().path("shards").path("endOfDocument");
    String earlierEnd = end.isTextual() ? end.textValue() : null;
    if (shards.endOfDocument() != null && !shards.endOfDocument().equals(earlierEnd)) {
      throw new RunException(
          ("shards.endOfDocument: \"%s\" is not what the shards of %s were made with"
                  + " (%s); leave it out: it is taken from there")
              .formatted(
                  shards.endOfDocument(),
                  String.join(", ", Objects.requireNonNull(shards.from())),
                  earlierEnd));
    }
    return withEnd(job, earlierEnd, kept);
  }

  /** The fields that all of some runs keep; none where they do not keep the same. */
  private static List<String> kept(List<OutputLayout> runs) throws IOException {
    List<String> kept = null;
    for (OutputLayout run : runs) {
      List<String> own = new ArrayList<>();
      FinishedOutput.manifest(run)
          .job()
          .path("shards")
          .path("keep")
          .forEach(field -> own.add(field.asText()));
      if (kept != null && !kept.equals(own)) {
        return List.of();
      }
      kept = own;
    }
    return kept == null ? List.of() : kept;
  }

  private static Job withEnd(Job job, @Nullable String end, List<String> kept) {
    return new Job(
        job.corpus(),
        job.tokenizer(),
        job.shards().ofEarlier(end, kept),
        job.embeddings(),
        job.learn(),
        job.report(),
        job.output());
  }

  /** Of the tokenizers that the report compares with; null without one. */
  private @Nullable String referenceSha256() throws IOException {
    List<String> references = job.report().reference();
    if (references == null || references.isEmpty() || !job.report().enabled()) {
      return null;
    }
    List<String> sums = new ArrayList<>();
    for (String reference : references) {
      try {
        byte[] json = FileStore.of(reference).readAll(reference);
        Tokenizer.read(json, reference); // refused before text is read
        sums.add(Sha256.of(json));
      } catch (NoSuchFileException e) {
        throw new RunException(
            "report.reference: "
                + reference
                + ": there is no such file; it names a tokenizer.json to compare with",
            e);
      }
    }
    return String.join(" ", sums);
  }

  /** What is measured of these units for the report. */
  private TextSample sample(List<WorkUnit> units) {
    long text = 0;
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        long stored = range.end() - range.start();
        text = Math.addExact(text, range.file().compression().textBytes(stored));
      }
    }
    return TextSample.of(text, job.report().sampleBytes());
  }

  private String planLocation(List<WorkUnit> units) {
    return workers.at(workers.plan(fingerprint(units)));
  }

  private String fingerprint(List<WorkUnit> units) {
    return fingerprints.computeIfAbsent(units, Fingerprint::of);
  }

  /** Of all inputs, or of those with dead letters to rescue. */
  private List<WorkUnit> encodingPlan() throws IOException {
    List<InputFile> files = inputs.list(JobComponents.encodingSettings(job));
    if (JobComponents.corpus(job).append()) {
      return AppendedPlan.of(OutputStates.inputs(layout), files);
    }
    DeadRecords rescued = WorkerDeadRecords.of(job);
    return CorpusPlanner.plan(
        rescued == null
            ? files
            : files.stream().filter(file -> rescued.files().contains(file.path())).toList());
  }

  private List<WorkUnit> plan(CorpusSettings settings) throws IOException {
    return CorpusPlanner.plan(inputs.list(settings));
  }
}
