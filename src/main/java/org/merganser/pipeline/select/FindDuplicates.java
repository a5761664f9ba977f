package org.merganser.pipeline.select;

import java.io.IOException;
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
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.KeptField;
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
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
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

/**
 * Finds the documents of a plan that have the text of an earlier document. The hashes of each
 * unit's texts are written into a file ({@link TextHashes}). Then the files are searched by groups
 * of hash buckets ({@link DuplicateSearch}), and the results are combined into one list. Only
 * locations are sent between steps. An interrupted run keeps the hashes.
 */
public final class FindDuplicates {
  /** The target number of entries of a search: at most 200 MB up to 2^29 entries in total. */
  private static final long ENTRIES_A_SEARCH = 1 << 21;

  /** The first bucket of a range, and the end of the range. */
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
  public static DuplicateList readList(RunSpec spec, String plan, int units) throws IOException {
    if (!spec.job().deduplicates()) {
      return DuplicateList.NONE;
    }
    DuplicateFiles files = new DuplicateFiles(spec, plan);
    if (!files.listing().isDone()) {
      throw new RunException("the list of duplicates is gone");
    }
    return DuplicateList.at(files.list(), units);
  }

  /**
   * Reads the texts at a location that {@link #frequentTexts} returned; null if the list was made
   * by a version of the program that keeps no texts.
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
        ? new DuplicateFiles(spec, run.plan()).frequentTexts()
        : null;
  }

  /** The location of the list of duplicates of a plan. */
  public static String listLocation(RunSpec spec, String plan) {
    return new DuplicateFiles(spec, plan).list();
  }

  /** The location of the hashes of a unit, which are the same for each plan that has the unit. */
  public static String hashesLocation(RunSpec spec, WorkUnit unit) {
    String noPlan = "";
    return new DuplicateFiles(spec, noPlan).hashes(unit);
  }

  /** The one list of duplicates, as a collection. */
  private static PCollection<DuplicateList> find(PBegin begin, RunSpec spec, String plan) {
    DuplicateFiles files = new DuplicateFiles(spec, plan);
    Steps<TextReader> reading =
        Steps.of(spec, Stage.DEDUPLICATE, (run, context) -> new TextReader(run, files));
    Steps<DuplicateFiles> searching = Steps.of(spec, Stage.DEDUPLICATE, (run, context) -> files);
    PCollection<KV<Integer, Integer>> searches =
        begin
            .apply("Impulse", Impulse.create())
            .apply("PlanUnits", ReadPlan.of(spec, plan))
            .apply("HashUnit", reading.one(String.class, TextReader::hashUnit))
            .apply("AllHashed", new ToOneWorker())
            .apply("GroupBuckets", searching.many(BUCKET_RANGE, FindDuplicates::groupBuckets));
    return RunnerTransforms.spread("SpreadSearches", searches)
        .apply("SearchBuckets", searching.one(String.class, FindDuplicates::search))
        .apply("AllSearched", new ToOneWorker())
        .apply("ListDuplicates", reading.one(DuplicateList.class, TextReader::listDuplicates));
  }

  /** The way of reading text, which is the same for every plan of a corpus: it names no inputs. */
  private static CorpusSettings textReading(RunSpec spec) {
    String splitField = spec.job().requireCorpus().splitField();
    String noGroupField = null;
    List<KeptField> noneKept = List.of();
    List<CorpusInput> noInputs = List.of();
    return ReadingSettings.settings(
        spec.job(), splitField, noGroupField, noneKept, noInputs, noInputs);
  }

  /**
   * Outputs ranges of buckets, each as its first bucket and the end of the range. There are as many
   * as a search of {@link #ENTRIES_A_SEARCH} requires, a power of two.
   */
  private static void groupBuckets(
      DuplicateFiles files, List<String> hashed, Consumer<KV<Integer, Integer>> out)
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
  private static String search(DuplicateFiles files, KV<Integer, Integer> buckets)
      throws IOException {
    int from = buckets.getKey();
    int to = buckets.getValue();
    String location = files.found(from, to);
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

  /** The work of the two steps that read text: for hashes, and for the most frequent texts. */
  private record TextReader(RunSpec spec, DuplicateFiles files, UnitReader reader) {
    TextReader(RunSpec spec, DuplicateFiles files) {
      this(spec, files, StepComponents.reader(spec, textReading(spec)));
    }

    /** Writes the hashes of a unit unless they exist; returns their location. */
    String hashUnit(WorkUnit unit) throws IOException {
      String fingerprint = files.fingerprint(unit);
      ResumableUnit work =
          ResumableUnit.of(spec, Stage.DEDUPLICATE, "hash texts", unit.number(), fingerprint);
      reader.readOnce(() -> work.complete(written -> writeHashes(unit, written)));
      return files.hashes(unit);
    }

    private void writeHashes(WorkUnit unit, UnitFiles written) throws IOException {
      written.write(
          OutputPaths.textHashes(files.fingerprint(unit)),
          file -> TextHashes.write(reader, unit, WorkerExcludedIds.of(spec), file));
      RunProgress.meter(spec.paths(), Stage.DEDUPLICATE).add(0, unit.bytes(), 0);
    }

    /**
     * Combines the results of the searches into one list, and deletes them.
     *
     * @param searches the locations of the results
     */
    DuplicateList listDuplicates(List<String> searches) throws IOException {
      AtomicInteger units = new AtomicInteger();
      PlanFile.read(files.plan(), unit -> units.incrementAndGet());
      reader.readOnce(
          () -> files.listing().complete(written -> writeList(searches, units.get(), written)));
      for (String location : searches) {
        FileStore.of(location).delete(location);
      }
      return DuplicateList.at(files.list(), units.get());
    }

    private void writeList(List<String> searches, int units, UnitFiles written) throws IOException {
      written.write(
          OutputPaths.duplicates(files.fingerprint()),
          file -> DuplicateList.write(searches, units, file));
      written.write(
          OutputPaths.frequentTexts(files.fingerprint()), Json.bytes(findFrequentTexts(searches)));
    }

    /** Reads the texts of the most documents. */
    private List<FrequentTexts.Named> findFrequentTexts(List<String> searches) throws IOException {
      FrequentTexts texts = new FrequentTexts(searches);
      PlanFile.read(files.plan(), unit -> texts.add(unit, files.hashes(unit)));
      return texts.named(reader);
    }
  }
}
