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
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.settings.ReadingSettings;
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
 * locations are sent between steps. An interrupted run keeps the hashes. {@link DuplicateFiles}
 * names and reads the files.
 */
public final class FindDuplicates {
  /**
   * The target number of entries of a search. Hashes are evenly distributed, so no search has more
   * than 2^21, with which the table of {@link DuplicateSearch} grows to 2^22 slots: it has 84 MB,
   * and 126 MB for a moment. With more than 528 million entries in total, searches are larger in
   * proportion.
   */
  static final int ENTRIES_A_SEARCH = (1 << 21) - (1 << 15);

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

  /** The one list of duplicates, as a collection. */
  private static PCollection<DuplicateList> find(PBegin begin, RunSpec spec, String plan) {
    DuplicateFiles files = DuplicateFiles.of(spec, plan);
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

  /** How text is read, which is the same for every plan of a corpus: it names no inputs. */
  private static CorpusSettings textReading(RunSpec spec) {
    String splitField = spec.job().requireCorpus().splitField();
    String noGroupField = null;
    List<KeptField> noneKept = List.of();
    List<CorpusInput> noInputs = List.of();
    return ReadingSettings.settings(
        spec.job(), splitField, noGroupField, noneKept, noInputs, noInputs);
  }

  /** Outputs ranges of buckets, each as its first bucket and the end of the range. */
  private static void groupBuckets(
      DuplicateFiles files, List<String> hashed, Consumer<KV<Integer, Integer>> out)
      throws IOException {
    long bytes = 0;
    for (String location : hashed) {
      bytes += FileStore.of(location).stat(location).size();
    }
    int groups = groupsFor(bytes / TextHashes.ENTRY_BYTES);
    int buckets = TextHashes.BUCKETS / groups;
    for (int group = 0; group < groups; group++) {
      out.accept(KV.of(buckets * group, buckets * (group + 1)));
    }
  }

  /** The number of groups of buckets, a power of two, by the number of entries in all buckets. */
  static int groupsFor(long entries) {
    int groups = 1;
    while (groups < TextHashes.BUCKETS && entries / groups > ENTRIES_A_SEARCH) {
      groups *= 2;
    }
    return groups;
  }

  /** Searches a range of buckets; returns the location of the duplicates that it found. */
  private static String search(DuplicateFiles files, KV<Integer, Integer> buckets)
      throws IOException {
    int from = buckets.getKey();
    int to = buckets.getValue();
    String location = files.foundLocation(from, to);
    FileStore.of(location)
        .publish(
            location,
            file -> {
              DuplicateSearch search = new DuplicateSearch(from, to, file);
              PlanFile.read(files.plan(), unit -> search.add(unit, files.hashes().location(unit)));
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
      String fingerprint = files.hashes().fingerprint(unit);
      ResumableUnit work =
          ResumableUnit.of(spec, Stage.DEDUPLICATE, "hash texts", unit.number(), fingerprint);
      reader.readOnce(() -> work.complete(written -> writeHashes(unit, written)));
      return files.hashes().location(unit);
    }

    private void writeHashes(WorkUnit unit, UnitFiles written) throws IOException {
      written.write(
          OutputPaths.textHashes(files.hashes().fingerprint(unit)),
          file -> TextHashes.write(reader, unit, WorkerExcludedIds.of(spec), file));
      RunProgress.meter(spec.paths(), Stage.DEDUPLICATE).addBytes(unit.bytes());
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
      return DuplicateList.at(files.listLocation(), units.get());
    }

    private void writeList(List<String> searches, int units, UnitFiles written) throws IOException {
      written.write(
          OutputPaths.duplicates(files.fingerprint()),
          file -> DuplicateList.write(searches, units, file));
      written.write(
          OutputPaths.frequentTexts(files.fingerprint()), Json.bytes(findFrequentTexts(searches)));
    }

    /** Reads the texts that the most documents have. */
    private List<FrequentTexts.Named> findFrequentTexts(List<String> searches) throws IOException {
      FrequentTexts texts = FrequentTexts.read(searches);
      PlanFile.read(files.plan(), unit -> texts.add(unit, files.hashes().location(unit)));
      return texts.named(reader);
    }
  }
}
