package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.Job;
import org.merganser.job.ShardsSection;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.pipeline.output.receipt.LocatedReceipt;
import org.merganser.pipeline.prepare.PreparedRun.LoadedTokenizer;
import org.merganser.pipeline.request.RequestedSources;
import org.merganser.pipeline.select.ListedInputs;
import org.merganser.pipeline.settings.ContinuedVocabulary;
import org.merganser.pipeline.settings.CountingSpread;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerConfig;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.DocumentTokens;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import org.merganser.store.LocationAdvice;
import org.merganser.tokenizer.HubName;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * Decides the source of the tokenizer of a run that reads text; writes nothing.
 *
 * @param paths the output folder as the user wrote it
 * @param workerPaths the output folder for workers, which may be started in another folder
 * @param inputs lists the texts to learn from
 * @param excludedIds files with the ids of documents that are left out; null for none
 */
record TokenizerPreparation(
    Job job,
    OutputPaths paths,
    OutputPaths workerPaths,
    ListedInputs inputs,
    RunSpec.@Nullable ExcludedIdFiles excludedIds) {
  /** The key of the tokenizer to load. */
  static final String LOAD = "tokenizer.load";

  /** The key of the tokenizers with which the report compares. */
  private static final String REFERENCE = "report.reference";

  /** The key of the text on which training compares the groups. */
  private static final String DEVELOPMENT_TEXT = "tokenizer.train.parity.dev";

  /**
   * Where a run has its tokenizer from.
   *
   * @param requestKeys the keys of the request that name what is read for it
   */
  record Source(TokenizerSource tokenizer, Map<String, String> requestKeys) {
    /** The same source with a further key of the request. */
    Source with(String key, String value) {
      Map<String, String> all = new TreeMap<>(requestKeys);
      all.put(key, value);
      return new Source(tokenizer, all);
    }
  }

  /**
   * The tokenizer that the job names, with the bytes of its file in the version that the job asks
   * for; null if the job learns one.
   *
   * @throws RunException if the tokenizer is missing, or lacks a token around documents
   */
  @Nullable LoadedTokenizer load() throws IOException {
    String named = job.requireTokenizer().load();
    if (named == null) {
      return null;
    }
    String location = TokenizerLocation.of(job.at(named), LOAD);
    byte[] json = read(location, LOAD, named);
    Tokenizer tokenizer = Tokenizer.read(json, location);
    ShardsSection shards = job.shards();
    DocumentTokens.requireToken(
        "shards.beginOfDocument", shards.beginOfDocument(), tokenizer, location);
    DocumentTokens.requireToken(
        "shards.endOfDocument", shards.endOfDocument(), tokenizer, location);
    FileVersion version = FileVersion.of(job.requireTokenizer().fileVersion());
    boolean hasVersion = tokenizer.parts().fileVersion() == version;
    return new LoadedTokenizer(
        tokenizer,
        hasVersion ? json : inVersion(version, tokenizer, location),
        TokenizerConfig.beside(location, tokenizer));
  }

  /**
   * The units to learn from; empty if the vocabulary is loaded or learned from counts.
   *
   * @param encoded the units to encode
   */
  List<WorkUnit> trainingUnits(List<WorkUnit> encoded) throws IOException {
    TrainSection train = job.requireTokenizer().train();
    if (train == null || !train.counts().isEmpty()) {
      return List.of();
    }
    return train.inputs().isEmpty() ? encoded : inputs.units(ReadingSettings.trainingSettings(job));
  }

  /**
   * The source that the job names, whether its files exist or not; {@link #locate} finds them.
   *
   * @param loaded null if the job learns the tokenizer
   * @param units to learn from
   */
  Source source(@Nullable LoadedTokenizer loaded, List<WorkUnit> units) throws IOException {
    if (loaded != null) {
      return ofLoaded(loaded);
    }
    TrainSection train = job.requireTraining();
    String continued = continuedSha256();
    Source source =
        train.counts().isEmpty() ? fromText(train, units, continued) : fromCounts(train, continued);
    return continued == null ? source : source.with("tokenizer.train.continueFrom", continued);
  }

  /**
   * The source with the location of its tokenizer.json: in the stage or in place, if this or an
   * earlier run has published it there. If none has, a loaded one will be in the stage, and one to
   * learn has no location yet.
   *
   * @param source as {@link #source} returned it
   * @param run the paths of the run
   */
  TokenizerSource locate(TokenizerSource source, RunPaths run) throws IOException {
    LocatedReceipt receipt = TokenizerPublication.find(run, source.fingerprint());
    FileRef file = receipt == null ? null : TokenizerPublication.ref(run, receipt);
    if (source instanceof TokenizerSource.Loaded loaded) {
      String location = file == null ? run.at(run.tokenizerJson()) : file.location();
      return new TokenizerSource.Loaded(
          loaded.fingerprint(), new FileRef(location, loaded.file().sha256()), loaded.config());
    }
    return file == null ? source : new TokenizerSource.LearnedBefore(source.fingerprint(), file);
  }

  /**
   * The sha256 of each tokenizer with which the report compares, separated by spaces; null if there
   * is none.
   *
   * @throws RunException if one is missing or no tokenizer
   */
  static @Nullable String referenceSha256s(Job job) throws IOException {
    List<String> references = job.report().reference();
    if (references == null || references.isEmpty() || !job.report().enabled()) {
      return null;
    }
    List<String> sums = new ArrayList<>();
    for (String named : references) {
      String reference = TokenizerLocation.of(job.at(named), REFERENCE);
      byte[] json = read(reference, REFERENCE, named);
      Tokenizer.read(json, reference); // refused before text is read
      sums.add(Sha256.of(json));
    }
    return String.join(" ", sums);
  }

  /** A tokenizer.json that the job names. */
  private Source ofLoaded(LoadedTokenizer loaded) {
    String sha256 = Sha256.of(loaded.json());
    String fingerprint = Fingerprint.of("loaded", sha256, job.shards().endOfDocument());
    String begin = job.shards().beginOfDocument();
    TokenizerSource source =
        new TokenizerSource.Loaded(
            begin == null ? fingerprint : Fingerprint.of("begins", begin, fingerprint),
            new FileRef(workerPaths.at(workerPaths.tokenizerJson()), sha256),
            loaded.config());
    return new Source(source, Map.of(LOAD, sha256));
  }

  /**
   * A vocabulary that is learned from tables of counts.
   *
   * @param continued the sha256 of the tokenizer that training continues; null for none
   */
  private Source fromCounts(TrainSection train, @Nullable String continued) throws IOException {
    List<String> sums = new ArrayList<>();
    Map<String, String> requestKeys = new TreeMap<>();
    for (String counts : train.counts()) {
      String location = job.at(counts);
      String key = String.format(Locale.ROOT, "tokenizer.train.counts[%d]", sums.size());
      try {
        String sha256 = Sha256.of(LocalFiles.of(location));
        sums.add(sha256);
        requestKeys.put(key, sha256);
      } catch (NoSuchFileException e) {
        throw RunException.wrong("tokenizer.train.counts: %s: there is no such file", location)
            .causedBy(e);
      }
    }
    return new Source(
        new TokenizerSource.FromCounts(Stage.LEARN.fingerprint(job, "counts", sums, continued)),
        requestKeys);
  }

  /**
   * A vocabulary that is learned from text.
   *
   * @param units to learn from
   * @param continued the sha256 of the tokenizer that training continues; null for none
   */
  private Source fromText(TrainSection train, List<WorkUnit> units, @Nullable String continued)
      throws IOException {
    String countFingerprint =
        Stage.COUNT.fingerprint(
            job,
            excludedIds == null ? null : excludedIds.sha256(),
            continued,
            train.countsByGroup() ? "by group " + job.shards().groupBy() : "together");
    String fingerprint =
        Stage.LEARN.fingerprint(job, "text", countFingerprint, inputs.fingerprint(units));
    Map<String, String> requestKeys = Map.of();
    if (train.parity() != null && !train.parity().dev().isEmpty()) {
      List<WorkUnit> development = inputs.units(ReadingSettings.developmentSettings(job));
      requestKeys = new RequestedSources(paths).keys(DEVELOPMENT_TEXT, development);
      // The sum of the bytes detects a file that changed but kept its size and time.
      String sum = requestKeys.get(DEVELOPMENT_TEXT);
      fingerprint = Fingerprint.of("dev", sum, inputs.fingerprint(development), fingerprint);
    }
    TokenizerSource source =
        new TokenizerSource.FromText(
            fingerprint,
            workerPaths.at(OutputPaths.plan(inputs.fingerprint(units))),
            CountingSpread.of(units),
            countFingerprint);
    return new Source(source, requestKeys);
  }

  /** The sha256 of the tokenizer that training continues; null for none. */
  private @Nullable String continuedSha256() throws IOException {
    String location = ContinuedVocabulary.location(job);
    return location == null ? null : Sha256.of(FileStore.of(location).readAll(location));
  }

  /** The bytes of a tokenizer.json in the version that the job asks for. */
  private static byte[] inVersion(FileVersion version, Tokenizer tokenizer, String location) {
    try {
      return tokenizer.toJson(version);
    } catch (TokenizerException e) {
      throw RunException.wrong("tokenizer.fileVersion: %s: %s", location, e.getMessage())
          .causedBy(e);
    }
  }

  /**
   * Reads a tokenizer.json that the job names.
   *
   * @param key that names it
   * @param named the value of the key
   */
  private static byte[] read(String location, String key, String named) throws IOException {
    try {
      return FileStore.readNamed(location);
    } catch (NoSuchFileException e) {
      throw RunException.wrong(
              "%s: %s: there is no such file; it names a tokenizer.json%s%s",
              key, location, HubName.advice(named), LocationAdvice.of(named))
          .causedBy(e);
    }
  }
}
