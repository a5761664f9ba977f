package org.merganser.pipeline.finish;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.commons.io.function.IOFunction;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.select.ExcludedIds;
import org.merganser.job.JobWriter;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.InputSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.output.manifest.Request;
import org.merganser.output.manifest.Totals;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.deadletter.AcceptedFiles;
import org.merganser.pipeline.output.deadletter.CorpusLosses;
import org.merganser.pipeline.output.deadletter.DeadLetterLimits;
import org.merganser.pipeline.output.deadletter.WaitingFile;
import org.merganser.pipeline.output.receipt.LocatedReceipt;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.request.RequestedSources;
import org.merganser.pipeline.select.WorkerExcludedIds;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;

/**
 * Writes inputs.jsonl, outputs.jsonl and, last, manifest.json from a run's receipts. For one
 * publication only: it collects what the receipts list. {@link DerivedFiles} publishes the files
 * that are made of all receipts.
 */
public final class ManifestPublication {
  private final RunSpec spec;

  /** The tokenizer.json. */
  private final FileRef tokenizerRef;

  private final CollectedReceipts collected;

  /**
   * @param tokenizerRef the tokenizer.json
   */
  public ManifestPublication(RunSpec spec, FileRef tokenizerRef) {
    this.spec = spec;
    this.tokenizerRef = tokenizerRef;
    this.collected = new CollectedReceipts(spec);
  }

  /** Collects all receipts on one worker, which publishes; outputs the manifest's location. */
  public static PTransform<PCollection<String>, PCollection<String>> step(
      RunSpec spec, Broadcast<FileRef> tokenizer) {
    return PTransform.compose(
        receipts ->
            receipts
                .apply("AllReceipts", new ToOneWorker())
                .apply(
                    "Manifest",
                    Steps.of(spec, Stage.MANIFEST, tokenizer, ManifestPublication::new)
                        .one(String.class, ManifestPublication::publishAndReport)));
  }

  /** Publishes as {@link #publish}, and reports the lineage of the run to Beam. */
  private String publishAndReport(List<String> receipts) throws IOException {
    String manifest = publish(receipts);
    RunLineage.report(spec);
    return manifest;
  }

  /**
   * Publishes the manifest. If new files of {@code corpus.append} have to wait, writes their list
   * instead, and the run continues without these files.
   *
   * @param receiptLocations of all receipts except that of the tokenizer
   * @return the location of the manifest, or of the list of waiting files
   */
  public String publish(List<String> receiptLocations) throws IOException {
    UnitReceipt learned = tokenizerReceipt();
    ManifestWriter.Inputs inputs = publishInputs(receiptLocations);
    SortedMap<String, WaitingFile> waiting = waitingFiles();
    if (!waiting.isEmpty()) {
      return publishWaiting(waiting);
    }
    requireDocuments(inputs.sums().totals());
    return publishManifest(withParent(publishOutputs(inputs, learned)));
  }

  /**
   * Publishes the files that are made of all receipts, and outputs.jsonl.
   *
   * @param learned the receipt of the tokenizer; null if the run has no tokenizer of its own
   * @return the manifest without a parent
   */
  private Manifest publishOutputs(ManifestWriter.Inputs inputs, @Nullable UnitReceipt learned)
      throws IOException {
    InputSums sums = inputs.sums();
    DerivedFiles derived = new DerivedFiles(spec, collected);
    List<WrittenFile> files = new ArrayList<>(sums.files());
    if (learned != null) {
      files.addAll(learned.files());
    }
    files.addAll(collected.otherFiles());
    files.addAll(derived.publish(sums.totals().sums()));
    int idBound = WorkerTokenizers.get(tokenizerRef).idBound();
    Request request = RequestedSources.request(spec, sums);
    String data = ManifestWriter.data(ManifestWriter.sorted(files), tokenizerRef.sha256());
    if (DatasetCard.isWrittenBy(spec)) {
      DatasetCard.Identity identity =
          new DatasetCard.Identity(sums.totals().sums(), tokenizerRef, idBound, request, data);
      files.addAll(derived.publishCard(identity, ManifestWriter.sorted(files)));
    }
    Manifest.ListFile outputs = publishOutputList(ManifestWriter.sorted(files));
    JsonNode training = learned == null ? null : learned.training();
    String noParent = null;
    return new Manifest(
        Manifest.SCHEMA_VERSION,
        JobWriter.portable(spec.job()),
        tokenizerRef.sha256(),
        idBound,
        tableSha256(),
        sums.totals(),
        excludedIds(sums),
        inputs.list(),
        outputs,
        training,
        noParent,
        request,
        data);
  }

  /** The receipt of the tokenizer; null if this run has no tokenizer folder of its own. */
  private @Nullable UnitReceipt tokenizerReceipt() throws IOException {
    if (spec.kind() instanceof RunKind.FromShards) {
      return null;
    }
    LocatedReceipt receipt =
        TokenizerPublication.find(spec.paths(), spec.tokenizer().fingerprint());
    if (receipt == null) {
      throw new RunException(
          spec.paths().root()
              + ": files of the tokenizer changed while the run was active; does another run"
              + " write there? Start this one again");
    }
    return receipt.receipt();
  }

  /** Publishes inputs.jsonl, and collects what all receipts list. */
  private ManifestWriter.Inputs publishInputs(List<String> receiptLocations) throws IOException {
    List<String> byUnit = new ArrayList<>(receiptLocations);
    byUnit.sort(Comparator.comparingInt(UnitReceipt::unitOf));
    InputSums.InputOfRange inputOfRange = inputsOfPlan();
    Predicate<InputLine> accepted = acceptedFiles();
    Iterator<UnitReceipt> receipts = receiptsOfCorpus(byUnit);
    return publishList(
        Manifest.INPUTS, out -> ManifestWriter.writeInputs(out, receipts, inputOfRange, accepted));
  }

  /**
   * The receipts of the units of the corpus. Each receipt is read when the iterator reaches it, and
   * what it lists is collected then.
   *
   * @param locations of all receipts except that of the tokenizer
   */
  private Iterator<UnitReceipt> receiptsOfCorpus(List<String> locations) throws IOException {
    Stream<UnitReceipt> units =
        locations.stream().map(ManifestPublication::read).filter(collected::add);
    return Stream.concat(units, ofEarlierRuns().stream()).iterator();
  }

  private static UnitReceipt read(String location) {
    return Uncheck.get(
        () -> Receipts.read(location), () -> location + ": the receipt cannot be read again");
  }

  /**
   * Finds the input of the job that named each range of a unit, by the plan; null for each if no
   * text is read.
   */
  private InputSums.InputOfRange inputsOfPlan() throws IOException {
    Map<Integer, int[]> inputs = new HashMap<>();
    if (spec.kind() instanceof RunKind.OfCorpus run) {
      PlanFile.read(run.plan(), unit -> inputs.put(unit.number(), inputs(unit)));
    }
    return (unit, range) -> inputs.containsKey(unit) ? inputs.get(unit)[range] : null;
  }

  /** The place in the job of the input that named each range of a unit. */
  private static int[] inputs(WorkUnit unit) {
    return unit.ranges().stream().mapToInt(range -> range.file().input()).toArray();
  }

  /** Whether dead letters of a file were accepted; only those of a growing output can be. */
  private Predicate<InputLine> acceptedFiles() throws IOException {
    return spec.appends() && spec.kind() instanceof RunKind.Encode
        ? AcceptedFiles.of(spec.paths().output(), spec.addsTo())::contains
        : line -> false;
  }

  /** The counts of the documents that come from earlier runs; empty if text is read. */
  private List<UnitReceipt> ofEarlierRuns() throws IOException {
    if (!(spec.kind() instanceof RunKind.FromShards from)) {
      return List.of();
    }
    List<InputRange> runs = new ArrayList<>();
    for (OutputPaths run : from.earlier()) {
      String location = run.at(Manifest.FILE);
      byte[] json = FileStore.of(location).readAll(location);
      String named = Objects.requireNonNull(spec.job().shards().from()).get(runs.size());
      String path = named.replaceAll("/+$", "") + "/" + Manifest.FILE;
      Totals totals = Manifest.read(json, location).totals();
      runs.add(totals.shardsAsInput(path, json.length, Sha256.of(json)));
    }
    int unit = 0;
    String noContinuedFile = null;
    return List.of(UnitReceipt.ofInputs(UnitReceipt.ENCODE, unit, runs, noContinuedFile));
  }

  /**
   * The new files of a growing output that lost more than the job allows; read from the published
   * list of inputs.
   */
  private SortedMap<String, WaitingFile> waitingFiles() throws IOException {
    return spec.appends() && spec.kind() instanceof RunKind.Encode
        ? DeadLetterLimits.waiting(
            spec.paths(), spec.addsTo(), spec.job().requireCorpus(), collected.deadLetterFiles())
        : new TreeMap<>();
  }

  /** Publishes the list of the files that have to wait; returns its location. */
  private String publishWaiting(SortedMap<String, WaitingFile> waiting) throws IOException {
    String location = spec.paths().at(OutputPaths.WAITING);
    ChecksummedFile.publish(location, Json.MAPPER.writeValueAsBytes(waiting));
    return location;
  }

  /** Refuses a run that read a corpus and kept no document for training. */
  private void requireDocuments(Totals totals) throws IOException {
    if (spec.kind() instanceof RunKind.OfCorpus run && totals.sums().documents() == 0) {
      List<String> firstFiles = PlanFile.firstFiles(run.plan());
      List<WrittenFile> letters = collected.deadLetterFiles();
      String first = letters.isEmpty() ? null : letters.get(0).path();
      throw CorpusLosses.nothingKept(totals, firstFiles, spec.paths(), first);
    }
  }

  /**
   * Publishes outputs.jsonl.
   *
   * @param files in its order
   * @throws RunException if a shard of the version that the run adds to is missing or changed
   */
  private Manifest.ListFile publishOutputList(List<WrittenFile> files) throws IOException {
    Manifest.ListFile list =
        publishList(Manifest.OUTPUTS, out -> ManifestWriter.writeOutputs(out, files));
    OutputCleaning.requireOwnNames(files);
    if (spec.addsTo() != null) {
      new OutputVersions(spec.paths().output()).requireShards(spec.addsTo(), files);
    }
    return list;
  }

  /**
   * Publishes one of the two lists.
   *
   * @param list writes the list, and returns what is known after that, such as its size and sum
   */
  private <T> T publishList(String path, IOFunction<OutputStream, T> list) throws IOException {
    String location = spec.paths().at(path);
    List<T> result = new ArrayList<>(); // of one element, which the consumer can set
    FileStore.of(location).publish(location, out -> result.add(list.apply(out)));
    return result.get(0);
  }

  /** The sha256 of the embedding table that was joined or learned; null for none. */
  private @Nullable String tableSha256() {
    if (spec.table() != null) {
      return spec.table().sha256();
    }
    return collected.otherFiles().stream()
        .filter(file -> file.path().equals(OutputPaths.LEARNED_VECTORS))
        .map(WrittenFile::sha256)
        .findFirst()
        .orElse(null);
  }

  /** The counts of the ids that the job leaves out; null if it leaves out none. */
  private Manifest.@Nullable ExcludedIdCounts excludedIds(InputSums sums) throws IOException {
    ExcludedIds excluded = WorkerExcludedIds.of(spec);
    return excluded == null ? null : sums.excludedIdCounts(excluded.size());
  }

  /**
   * The manifest with the version that it follows as its parent: that to which the run adds, or, if
   * the run has added nothing, the parent of that version, so that both manifests are equal.
   */
  private Manifest withParent(Manifest manifest) throws IOException {
    String base = spec.addsTo();
    if (base == null) {
      return manifest;
    }
    String before = new OutputVersions(spec.paths().output()).manifest(base).parent();
    Manifest same = manifest.withParent(before);
    return Sha256.of(same.toJson()).equals(base) ? same : manifest.withParent(base);
  }

  /** Publishes the manifest, which makes the version complete; returns its location. */
  private String publishManifest(Manifest manifest) throws IOException {
    String location = spec.paths().at(Manifest.FILE);
    FileStore.publish(location, manifest.toJson());
    RunProgress.meter(spec.paths(), Stage.MANIFEST).unitDone("manifest");
    return location;
  }
}
