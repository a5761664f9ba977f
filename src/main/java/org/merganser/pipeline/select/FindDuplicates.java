package org.merganser.pipeline.select;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.ReadPlan;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.pipeline.step.Steps;
import org.merganser.store.FileStore;
import org.merganser.text.scan.CutRule;

/**
 * Finds the documents of a plan that have the text of an earlier document. The hashes of each
 * unit's texts are written into a file. Then the files are searched by groups of hash buckets, and
 * the results are combined into one list. Only locations are sent between steps. An interrupted run
 * keeps the hashes.
 */
public final class FindDuplicates {
  /** The target number of entries of a search: at most 200 MB up to 2^29 entries in total. */
  private static final long ENTRIES_A_SEARCH = 1 << 21;

  private static final Coder<KV<Integer, Integer>> BUCKET_RANGE =
      KvCoder.of(VarIntCoder.of(), VarIntCoder.of());

  private FindDuplicates() {}

  /**
   * The list of duplicates for all workers; {@link DuplicateList#NONE} if the job keeps them.
   *
   * @param name of the step that finds them
   * @param plan location of the units that are searched
   */
  public static Broadcast<DuplicateList> toWorkers(
      String name, Pipeline pipeline, RunSpec spec, String plan) {
    if (!spec.job().deduplicates()) {
      return Broadcast.of(DuplicateList.NONE);
    }
    return Broadcast.one(
        name + "ToWorkers",
        pipeline.apply(name, PTransform.compose(begin -> find(begin, spec, plan))));
  }

  /**
   * The list that a run with this plan has written.
   *
   * @param units of the plan
   * @throws RunException if the list of duplicates is missing
   */
  public static DuplicateList found(RunSpec spec, String plan, int units) throws IOException {
    if (!spec.job().deduplicates()) {
      return DuplicateList.NONE;
    }
    SearchFiles files = new SearchFiles(spec, plan);
    if (!files.listing().isDone()) {
      throw new RunException("the list of duplicates is gone");
    }
    return DuplicateList.at(files.list(), units);
  }

  /**
   * The texts at a location that {@link #frequentTexts} returned; null if a version of the program
   * made the list that has none.
   */
  public static @Nullable List<FrequentTexts.Named> readFrequentTexts(String location)
      throws IOException {
    FileStore store = FileStore.of(location);
    return store.exists(location)
        ? List.of(
            Json.read(
                store.readAll(location), FrequentTexts.Named[].class, location, RunException::new))
        : null;
  }

  /**
   * The location of the texts of the most documents.
   *
   * @param spec of the complete job
   * @return null if the run leaves out no duplicates
   */
  public static @Nullable String frequentTexts(RunSpec spec) {
    return spec.job().deduplicates() && spec.kind() instanceof RunKind.OfCorpus run
        ? new SearchFiles(spec, run.plan()).frequentTexts()
        : null;
  }

  /** The location of the list of duplicates of a plan. */
  public static String listLocation(RunSpec spec, String plan) {
    return new SearchFiles(spec, plan).list();
  }

  /** The location of the hashes of a unit, which are the same for each plan that has the unit. */
  public static String hashesLocation(RunSpec spec, WorkUnit unit) {
    return new SearchFiles(spec, "").hashes(unit);
  }

  private static PCollection<DuplicateList> find(PBegin begin, RunSpec spec, String plan) {
    SearchFiles files = new SearchFiles(spec, plan);
    Steps<UnitHasher> hashing =
        Steps.of(
            spec,
            Stage.DEDUPLICATE,
            (run, context) ->
                new UnitHasher(run, files, StepComponents.reader(run, textReading(run))));
    Steps<SearchFiles> searching = Steps.of(spec, Stage.DEDUPLICATE, (run, context) -> files);
    PCollection<KV<Integer, Integer>> searches =
        begin
            .apply("Impulse", Impulse.create())
            .apply("PlanUnits", ReadPlan.of(spec, plan))
            .apply("HashUnit", hashing.one(String.class, UnitHasher::hash))
            .apply("AllHashed", new ToOneWorker())
            .apply("GroupBuckets", searching.many(BUCKET_RANGE, FindDuplicates::groupBuckets));
    return RunnerTransforms.spread("SpreadSearches", searches)
        .apply("SearchBuckets", searching.one(String.class, FindDuplicates::search))
        .apply("AllSearched", new ToOneWorker())
        .apply("ListDuplicates", hashing.one(DuplicateList.class, UnitHasher::list));
  }

  /** The way of reading text, which is the same for every plan of a corpus. */
  private static CorpusSettings textReading(RunSpec spec) {
    String splitField = spec.job().requireCorpus().splitField();
    return ReadingSettings.settings(spec.job(), splitField, null, List.of(), List.of(), List.of());
  }

  /**
   * Outputs ranges of buckets, each as its first bucket and the end of the range. There are as many
   * as a search of {@link #ENTRIES_A_SEARCH} requires, a power of two.
   */
  private static void groupBuckets(
      SearchFiles files, List<String> hashed, Consumer<KV<Integer, Integer>> out)
      throws IOException {
    long bytes = 0;
    for (String location : hashed) {
      bytes += FileStore.of(location).stat(location).size();
    }
    long entries = bytes / TextHashes.ENTRY_BYTES;
    int groups = 1;
    while (groups < TextHashes.BUCKETS && entries / groups > ENTRIES_A_SEARCH) {
      groups *= 2;
    }
    int buckets = TextHashes.BUCKETS / groups;
    for (int group = 0; group < groups; group++) {
      out.accept(KV.of(buckets * group, buckets * (group + 1)));
    }
  }

  /** Searches a range of buckets; returns the location of the duplicates that it found. */
  private static String search(SearchFiles files, KV<Integer, Integer> buckets) throws IOException {
    int from = buckets.getKey();
    int to = buckets.getValue();
    String location = files.search(from, to);
    FileStore.of(location)
        .publish(
            location,
            file -> {
              DuplicateSearch search = new DuplicateSearch(from, to, file);
              PlanFile.read(files.plan(), unit -> search.add(unit, files.hashes(unit)));
              search.finish();
            });
    return location;
  }

  /**
   * The locations of the files of a search.
   *
   * @param reading the fingerprint of how texts are read
   * @param plan location of the units that are searched
   */
  private record SearchFiles(RunPaths paths, String reading, String plan) implements Serializable {
    SearchFiles(RunSpec spec, String plan) {
      this(spec.paths(), reading(spec), plan);
    }

    private static String reading(RunSpec spec) {
      RunSpec.ExcludedIdFiles excluded = spec.excludedIds();
      String sha256 = excluded == null ? null : excluded.sha256();
      CutRule rule = StepComponents.cutRule(spec);
      String cuts = rule == null ? "none" : rule.toString();
      return Stage.DEDUPLICATE.fingerprint(spec.job(), cuts, sha256);
    }

    /** The fingerprint of the hashes of a unit. */
    String fingerprint(WorkUnit unit) {
      return Fingerprint.of(reading, Fingerprint.of(unit));
    }

    /** The hashes of the texts of a unit. */
    String hashes(WorkUnit unit) {
      return paths.at(OutputPaths.textHashes(fingerprint(unit)));
    }

    /** The fingerprint of the search. */
    private String fingerprint() {
      return Fingerprint.of("duplicates", reading, plan.substring(plan.lastIndexOf('/') + 1));
    }

    /** The duplicates found in a range of buckets. */
    String search(int from, int to) {
      return paths.at(OutputPaths.duplicatesFound(fingerprint(), from, to));
    }

    /** The list of all duplicates. */
    String list() {
      return paths.at(OutputPaths.duplicates(fingerprint()));
    }

    /** The texts of the most documents. */
    String frequentTexts() {
      return paths.at(OutputPaths.frequentTexts(fingerprint()));
    }

    /** The work of writing the list and the frequent texts. */
    ResumableUnit listing() {
      return new ResumableUnit(
          paths, Stage.DEDUPLICATE, "list duplicates", OutputPaths.AFTER_ALL_UNITS, fingerprint());
    }
  }

  /** The steps that read text: the first one, and the last one for the frequent texts. */
  private record UnitHasher(RunSpec spec, SearchFiles files, UnitReader reader) {

    /** Writes the hashes of a unit unless they exist; returns their location. */
    String hash(WorkUnit unit) throws IOException {
      String fingerprint = files.fingerprint(unit);
      ResumableUnit work =
          ResumableUnit.of(spec, Stage.DEDUPLICATE, "hash texts", unit.number(), fingerprint);
      reader.readOnce(() -> work.complete(made -> writeHashes(unit, made)));
      return files.hashes(unit);
    }

    private void writeHashes(WorkUnit unit, UnitFiles made) throws IOException {
      made.write(
          OutputPaths.textHashes(files.fingerprint(unit)),
          file -> TextHashes.write(reader, unit, WorkerExcludedIds.of(spec), file));
      RunProgress.meter(spec.paths(), Stage.DEDUPLICATE).add(0, unit.bytes(), 0);
    }

    /**
     * Combines the results of the searches into one list, and deletes them.
     *
     * @param searches the locations of the results
     */
    DuplicateList list(List<String> searches) throws IOException {
      AtomicInteger units = new AtomicInteger();
      PlanFile.read(files.plan(), unit -> units.incrementAndGet());
      reader.readOnce(
          () -> files.listing().complete(made -> writeList(searches, units.get(), made)));
      for (String location : searches) {
        FileStore.of(location).delete(location);
      }
      return DuplicateList.at(files.list(), units.get());
    }

    private void writeList(List<String> searches, int units, UnitFiles made) throws IOException {
      made.write(
          OutputPaths.duplicates(files.fingerprint()),
          file -> DuplicateList.write(searches, units, file));
      made.write(
          OutputPaths.frequentTexts(files.fingerprint()), Json.bytes(frequentTexts(searches)));
    }

    private List<FrequentTexts.Named> frequentTexts(List<String> searches) throws IOException {
      FrequentTexts texts = new FrequentTexts(searches);
      PlanFile.read(files.plan(), unit -> texts.add(unit, files.hashes(unit)));
      return texts.named(reader);
    }
  }
}
