package org.merganser.pipeline.select;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.read.UnitReader;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.corpus.select.DuplicateSearch;
import org.merganser.corpus.select.FrequentTexts;
import org.merganser.corpus.select.TextHashes;
import org.merganser.json.Json;
import org.merganser.pipeline.engine.RunnerTransforms;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.PlanUnits;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.pipeline.step.Steps;
import org.merganser.store.FileStore;
import org.merganser.text.scan.CutRule;

/**
 * Finds the documents of a plan that have the text of an earlier document. The hashes of each
 * unit's texts are written into a file. Then the files are searched by groups of hash buckets, and
 * the results are merged into one list. Only locations are sent between steps. An interrupted run
 * keeps the hashes.
 */
public final class FindDuplicates {
  /** The target number of entries of a search: at most 200 MB up to 2^29 entries in total. */
  private static final long ENTRIES_A_SEARCH = 1 << 21;

  private static final int BUCKETS = 256;

  private static final Coder<KV<Integer, Integer>> BUCKET_RANGE =
      KvCoder.of(VarIntCoder.of(), VarIntCoder.of());

  private FindDuplicates() {}

  public static Broadcast<DuplicateList> toWorkers(
      String name, Pipeline pipeline, RunSpec spec, String plan) {
    if (!spec.job().deduplicates()) {
      return Broadcast.of(DuplicateList.NONE);
    }
    return Broadcast.one(
        name + "ToWorkers",
        pipeline.apply(name, PTransform.compose(begin -> find(begin, spec, plan))));
  }

  private static PCollection<DuplicateList> find(PBegin begin, RunSpec spec, String plan) {
    Files files = new Files(spec, plan);
    Steps<UnitHasher> hashing =
        Steps.of(
            spec,
            Stage.DEDUPLICATE,
            (run, context) ->
                new UnitHasher(run, files, StepComponents.reader(run, textReading(run))));
    Steps<Files> searching = Steps.of(spec, Stage.DEDUPLICATE, (run, context) -> files);
    PCollection<KV<Integer, Integer>> searches =
        begin
            .apply("Impulse", Impulse.create())
            .apply("PlanUnits", PlanUnits.of(spec, plan))
            .apply("HashUnit", hashing.one(String.class, UnitHasher::hash))
            .apply("AllHashed", new ToOneWorker())
            .apply("GroupBuckets", searching.many(BUCKET_RANGE, FindDuplicates::groupBuckets));
    return RunnerTransforms.spread("SpreadSearches", searches)
        .apply("SearchBuckets", searching.one(String.class, FindDuplicates::search))
        .apply("AllSearched", new ToOneWorker())
        .apply("ListDuplicates", hashing.one(DuplicateList.class, UnitHasher::listed));
  }

  /** The way of reading text, which is the same for every plan of a corpus. */
  private static CorpusSettings textReading(RunSpec spec) {
    String splitField = spec.job().requireCorpus().splitField();
    return ReadingSettings.settings(spec.job(), splitField, null, List.of(), List.of(), List.of());
  }

  private static String texts(RunSpec spec) {
    RunSpec.ExcludedIdFiles excluded = spec.excludedIds();
    String sha256 = excluded == null ? null : excluded.sha256();
    return Stage.DEDUPLICATE.fingerprint(spec.job(), cuts(spec), sha256);
  }

  private static String cuts(RunSpec spec) {
    CutRule rule = StepComponents.cutRule(spec);
    return rule == null ? "none" : rule.toString();
  }

  public static String list(RunSpec spec, String plan) {
    return new Files(spec, plan).list();
  }

  /**
   * @throws RunException if the list of duplicates is missing
   */
  public static DuplicateList found(RunSpec spec, String plan, int units) throws IOException {
    if (!spec.job().deduplicates()) {
      return DuplicateList.NONE;
    }
    Files files = new Files(spec, plan);
    if (!files.listing().isDone()) {
      throw new RunException("the list of duplicates is gone");
    }
    return DuplicateList.at(files.list(), units);
  }

  /**
   * The location of the texts of the most documents.
   *
   * @param spec of the complete job
   * @return null if the run leaves out no duplicates
   */
  public static @Nullable String frequentTexts(RunSpec spec) {
    return spec.job().deduplicates() && spec.kind() instanceof RunKind.OfCorpus run
        ? new Files(spec, run.plan()).frequentTexts()
        : null;
  }

  /** The texts at that location; null if a version of the program made the list that has none. */
  public static @Nullable List<FrequentTexts.Named> readFrequentTexts(String location)
      throws IOException {
    FileStore store = FileStore.of(location);
    return store.exists(location)
        ? List.of(
            Json.read(
                store.readAll(location), FrequentTexts.Named[].class, location, RunException::new))
        : null;
  }

  public static String hashes(RunSpec spec, WorkUnit unit) {
    return new Files(spec, "").hashes(unit);
  }

  private record Files(RunPaths paths, String reading, String plan) implements Serializable {
    Files(RunSpec spec, String plan) {
      this(spec.paths(), texts(spec), plan);
    }

    String fingerprint(WorkUnit unit) {
      return Fingerprint.of(reading, Fingerprint.of(unit));
    }

    String hashes(WorkUnit unit) {
      return paths.at(OutputPaths.textHashes(fingerprint(unit)));
    }

    private String fingerprint() {
      return Fingerprint.of("duplicates", reading, plan.substring(plan.lastIndexOf('/') + 1));
    }

    String search(int from, int to) {
      return paths.at(OutputPaths.duplicatesFound(fingerprint(), from, to));
    }

    String list() {
      return paths.at(OutputPaths.duplicates(fingerprint()));
    }

    String frequentTexts() {
      return paths.at(OutputPaths.frequentTexts(fingerprint()));
    }

    ResumableUnit listing() {
      return new ResumableUnit(
          paths, Stage.DEDUPLICATE, "list duplicates", OutputPaths.AFTER_ALL_UNITS, fingerprint());
    }
  }

  private record UnitHasher(RunSpec spec, Files files, UnitReader reader) {
    String hash(WorkUnit unit) throws IOException {
      String fingerprint = files.fingerprint(unit);
      ResumableUnit work =
          ResumableUnit.of(spec, Stage.DEDUPLICATE, "hash texts", unit.number(), fingerprint);
      reader.readOnce(
          () ->
              work.complete(
                  made -> {
                    made.write(
                        OutputPaths.textHashes(fingerprint),
                        file -> TextHashes.write(reader, unit, WorkerExcludedIds.of(spec), file));
                    RunProgress.meter(spec.paths(), Stage.DEDUPLICATE).add(0, unit.bytes(), 0);
                  }));
      return files.hashes(unit);
    }

    DuplicateList listed(List<String> searches) throws IOException {
      AtomicLong units = new AtomicLong();
      PlanFile.read(files.plan(), unit -> units.incrementAndGet());
      int count = Math.toIntExact(units.get());
      reader.readOnce(
          () ->
              files
                  .listing()
                  .complete(
                      made -> {
                        made.write(
                            OutputPaths.duplicates(files.fingerprint()),
                            file -> DuplicateList.write(searches, count, file));
                        made.write(
                            OutputPaths.frequentTexts(files.fingerprint()),
                            Json.bytes(frequentTexts(searches)));
                      }));
      for (String location : searches) {
        FileStore.of(location).delete(location);
      }
      return DuplicateList.at(files.list(), count);
    }

    private List<FrequentTexts.Named> frequentTexts(List<String> searches) throws IOException {
      FrequentTexts texts = new FrequentTexts(searches);
      PlanFile.read(files.plan(), unit -> texts.add(unit, files.hashes(unit)));
      return texts.named(reader);
    }
  }

  private static void groupBuckets(
      Files files, List<String> hashed, Consumer<KV<Integer, Integer>> out) throws IOException {
    long bytes = 0;
    for (String location : hashed) {
      bytes += FileStore.of(location).stat(location).size();
    }
    int groups = 1;
    while (groups < BUCKETS && bytes / 20 / groups > ENTRIES_A_SEARCH) {
      groups *= 2;
    }
    for (int group = 0; group < groups; group++) {
      out.accept(KV.of(BUCKETS / groups * group, BUCKETS / groups * (group + 1)));
    }
  }

  private static String search(Files files, KV<Integer, Integer> buckets) throws IOException {
    String location = files.search(buckets.getKey(), buckets.getValue());
    FileStore.of(location)
        .publish(
            location,
            file -> {
              DuplicateSearch search =
                  new DuplicateSearch(buckets.getKey(), buckets.getValue(), file);
              PlanFile.read(files.plan(), unit -> search.add(unit, files.hashes(unit)));
              search.finish();
            });
    return location;
  }
}
