package org.merganser.pipeline.finish;

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
import org.apache.beam.sdk.metrics.Lineage;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.commons.io.function.IOFunction;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.Glob;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.select.ExcludedIds;
import org.merganser.job.Job;
import org.merganser.job.JobKeys;
import org.merganser.job.JobWriter;
import org.merganser.job.ShardsSection;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.LengthCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.BlendFiles;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.manifest.DatasetGroups;
import org.merganser.output.manifest.GroupLine;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.output.manifest.Request;
import org.merganser.output.manifest.Totals;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.convert.FolderFiles;
import org.merganser.pipeline.convert.GroupFolders;
import org.merganser.pipeline.engine.FileLineage;
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
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * Writes inputs.jsonl, outputs.jsonl and, last, manifest.json from a run's receipts. For one
 * publication only: it collects what the receipts list.
 */
public final class ManifestPublication {
  private final RunSpec spec;

  /** The tokenizer.json. */
  private final FileRef ref;

  private final FolderFiles folders;

  /** All files of the units of the corpus. */
  private final List<WrittenFile> unitFiles = new ArrayList<>();

  /** Those of {@link #unitFiles} with dead letters. */
  private final List<WrittenFile> deadLetterFiles = new ArrayList<>();

  /**
   * All other files of the version, except the dataset card: those of the tokenizer, of the later
   * stages, and those that this publication makes of all receipts.
   */
  private final List<WrittenFile> otherFiles = new ArrayList<>();

  /** The counts of the documents for training. */
  private final BoundedGroups<GroupCounts> groups =
      new BoundedGroups<>(() -> GroupCounts.ZERO, GroupCounts::plus);

  /** The lengths of these documents; empty if the statistics of the run have them. */
  private final LengthCounts lengths = new LengthCounts();

  /**
   * @param ref the tokenizer.json
   */
  public ManifestPublication(RunSpec spec, FileRef ref) {
    this.spec = spec;
    this.ref = ref;
    this.folders = new FolderFiles(spec);
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

  /** Whether a run writes a dataset card: its output has ids. */
  static boolean hasCard(RunSpec spec) {
    return spec.kind() instanceof RunKind.Encode
        || (spec.kind() instanceof RunKind.FromShards && JobLayouts.of(spec).makesAnything());
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
    if (learned != null) {
      otherFiles.addAll(learned.files());
    }
    ManifestWriter writer = new ManifestWriter(inputsOfPlan()).accepting(acceptedFiles());
    Manifest.ListFile inputs = publishInputs(writer, receiptLocations);
    SortedMap<String, WaitingFile> waiting = waitingFiles();
    if (!waiting.isEmpty()) {
      return publishWaiting(waiting);
    }
    requireDocuments(writer.totals());
    publishFigures(writer.totals().sums());
    writer.addOutputs(otherFiles);
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    Request request = RequestedSources.request(spec, writer);
    publishCard(writer, tokenizer, request);
    Manifest.ListFile outputs = publishOutputs(writer);
    Manifest manifest =
        new Manifest(
            /* schema= */ Manifest.SCHEMA_VERSION,
            JobWriter.portable(spec.job()),
            /* tokenizerSha256= */ ref.sha256(),
            /* vocabulary= */ tokenizer.idBound(),
            /* embeddingsSha256= */ tableSha256(),
            writer.totals(),
            excludedIds(writer),
            inputs,
            outputs,
            /* training= */ learned == null ? null : learned.training(),
            /* parent= */ null,
            request,
            /* data= */ writer.data(ref.sha256()));
    return publishManifest(withParent(manifest));
  }

  /** Publishes as {@link #publish}, and reports the lineage of the run to Beam. */
  private String publishAndReport(List<String> receipts) throws IOException {
    String manifest = publish(receipts);
    reportLineage();
    return manifest;
  }

  /** Reports to Beam what the job reads besides its inputs, and where it writes. */
  private void reportLineage() throws IOException {
    Job job = spec.job();
    FileLineage sources = new FileLineage();
    job.locations()
        .forEach(
            (key, location) -> {
              boolean isReported = // by ReadPlan
                  key.contains(".inputs[") || key.contains(".validationInputs[");
              if (!isReported && !key.equals("output")) {
                String at = job.at(location);
                sources.add(JobKeys.at(key).isGlob() ? Glob.folder(at) : at);
              }
            });
    sources.report(Lineage.getSources());
    FileLineage sinks = new FileLineage();
    sinks.add(spec.paths().at(""));
    sinks.report(Lineage.getSinks());
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

  /**
   * The input of the job that named each range of a unit, by the plan; null if text is not read.
   */
  private ManifestWriter.InputOfRange inputsOfPlan() throws IOException {
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

  /**
   * The new files of a growing output that lost more than the job allows; read from the published
   * list of inputs.
   */
  private SortedMap<String, WaitingFile> waitingFiles() throws IOException {
    return spec.appends() && spec.kind() instanceof RunKind.Encode
        ? DeadLetterLimits.waiting(
            spec.paths(), spec.addsTo(), spec.job().requireCorpus(), deadLetterFiles)
        : new TreeMap<>();
  }

  /** Publishes the list of the files that have to wait; returns its location. */
  private String publishWaiting(SortedMap<String, WaitingFile> waiting) throws IOException {
    String location = spec.paths().at(OutputPaths.WAITING);
    CheckedFile.publish(location, Json.MAPPER.writeValueAsBytes(waiting));
    return location;
  }

  /** Refuses a run that read a corpus and kept no document for training. */
  private void requireDocuments(Totals totals) throws IOException {
    if (spec.kind() instanceof RunKind.OfCorpus run && totals.sums().documents() == 0) {
      List<String> read = PlanFile.firstFiles(run.plan());
      String letters = deadLetterFiles.isEmpty() ? null : deadLetterFiles.get(0).path();
      throw CorpusLosses.nothingKept(totals, read, spec.paths(), letters);
    }
  }

  /** Publishes inputs.jsonl, and collects what all receipts list. */
  private Manifest.ListFile publishInputs(ManifestWriter writer, List<String> receiptLocations)
      throws IOException {
    List<String> byUnit = new ArrayList<>(receiptLocations);
    byUnit.sort(Comparator.comparingInt(UnitReceipt::unitOf));
    return publishList(Manifest.INPUTS, out -> writer.writeInputs(out, encoded(byUnit)));
  }

  /**
   * The receipts of the units of the corpus. Each receipt is read when the iterator reaches it, and
   * what it lists is collected then.
   *
   * @param locations of all receipts except that of the tokenizer
   */
  private Iterator<UnitReceipt> encoded(List<String> locations) throws IOException {
    Stream<UnitReceipt> units =
        locations.stream().map(ManifestPublication::read).filter(this::collect);
    return Stream.concat(units, ofEarlierRuns().stream()).iterator();
  }

  private static UnitReceipt read(String location) {
    return Uncheck.get(
        () -> Receipts.read(location), () -> location + ": the receipt cannot be read again");
  }

  /** Collects what a receipt lists; returns whether it is that of a unit of the corpus. */
  private boolean collect(UnitReceipt receipt) {
    if (receipt.lengths() != null && !spec.measures()) {
      lengths.add(receipt.unit(), receipt.lengths());
    }
    if (!receipt.accountsForRecords()) {
      otherFiles.addAll(receipt.files());
      folders.add(receipt);
      return false;
    }
    receipt.groups().forEach(row -> groups.add(row.group(), row.counts()));
    unitFiles.addAll(receipt.files());
    receipt.files().stream()
        .filter(file -> file.path().startsWith(Manifest.DEAD_LETTERS + "/"))
        .forEach(deadLetterFiles::add);
    return true;
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
    return List.of(UnitReceipt.ofInputs(UnitReceipt.ENCODE, 0, runs, null));
  }

  /**
   * Publishes the files that are made from all receipts, and adds them to {@link #otherFiles}.
   *
   * @param read the sums over all inputs
   */
  private void publishFigures(RecordSums read) throws IOException {
    if (spec.kind() instanceof RunKind.CountTokens && spec.job().hasGroups()) {
      publish(Map.of(Manifest.GROUPS, GroupLine.file(groups.toMap(), read.training())), otherFiles);
    }
    if (!spec.measures() && !(spec.kind() instanceof RunKind.Train)) {
      publish(Map.of(Manifest.LENGTHS, Json.figures(DocumentLengths.of(lengths.sum()))), otherFiles);
    }
    publish(folders.contents(otherFiles), otherFiles);
    publishGroups(read);
  }

  /**
   * If groups have folders of their own, writes their totals and the files from which trainers read
   * the share of each group.
   *
   * @param read the sums over all inputs
   */
  private void publishGroups(RecordSums read) throws IOException {
    List<WrittenFile> files = new ArrayList<>(unitFiles);
    files.addAll(otherFiles);
    List<DatasetGroups.Group> found = new GroupFolders(spec, files).groups(groups.toMap(), read);
    ShardsSection job = spec.job().shards();
    if (found.isEmpty() && job.blend().weights() != null) {
      throw RunException.wrong("shards.blend.weights: the runs of shards.from have no groups");
    }
    if (found.isEmpty()) {
      return;
    }
    if (job.partitionBy() != null && found.size() > job.partition().maxGroups()) {
      throw JobLayouts.tooManyGroups(
          "the corpus has",
          found.stream().limit(3).map(DatasetGroups.Group::folder).toList(),
          job.partition().maxGroups());
    }
    DatasetGroups weighed =
        DatasetGroups.weighed(found, job.blend().alpha(), job.blend().weights());
    Map<String, byte[]> written = new TreeMap<>();
    written.put(DatasetGroups.FILE, weighed.toJson());
    String blendRoot = job.blend().root();
    written.putAll(BlendFiles.of(weighed, files, blendRoot == null ? "" : blendRoot));
    publish(written, otherFiles);
  }

  /** Publishes the card of a run with ids, and lists it, unless the user has a file of its name. */
  private void publishCard(ManifestWriter writer, Tokenizer tokenizer, Request request)
      throws IOException {
    if (!hasCard(spec)) {
      return;
    }
    DatasetCard.Identity identity =
        new DatasetCard.Identity(
            writer.totals().sums(),
            ref.sha256(),
            tokenizer.idBound(),
            request.sha256(),
            writer.data(ref.sha256()));
    byte[] card =
        new DatasetCard(
                identity,
                spec.job(),
                JobLayouts.of(spec),
                writer.files(),
                folders.packed(),
                groups.toMap().keySet())
            .toMarkdown();
    List<WrittenFile> proofs = new ArrayList<>(OutputCleaning.listed(spec.paths().output()));
    // A commit on an object store may have been cut between the card and the list.
    proofs.add(new WrittenFile(Manifest.CARD, card.length, Sha256.of(card), 0, 0));
    if (!CardFile.belongsToUser(spec.paths().root(), proofs)) {
      List<WrittenFile> published = new ArrayList<>();
      publish(Map.of(Manifest.CARD, card), published);
      writer.addOutputs(published);
    }
  }

  /** Publishes those of the given files that are missing; adds all of them to {@code listed}. */
  private void publish(Map<String, byte[]> files, List<WrittenFile> listed) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] content = file.getValue();
      WrittenFile written =
          new WrittenFile(file.getKey(), content.length, Sha256.of(content), 0, 0);
      if (!Receipts.isThere(spec.paths(), written)) {
        FileStore.publish(spec.paths().at(written.path()), content);
      }
      listed.add(written);
    }
  }

  /**
   * Publishes outputs.jsonl.
   *
   * @throws RunException if a shard of the version that the run adds to is missing or changed
   */
  private Manifest.ListFile publishOutputs(ManifestWriter writer) throws IOException {
    Manifest.ListFile outputs = publishList(Manifest.OUTPUTS, writer::writeOutputs);
    OutputCleaning.requireOwnNames(writer.files());
    if (spec.addsTo() != null) {
      new OutputVersions(spec.paths().output()).requireShards(spec.addsTo(), writer.files());
    }
    return outputs;
  }

  /** Publishes one of the two lists, whose size and sum are known when it is written. */
  private Manifest.ListFile publishList(
      String path, IOFunction<OutputStream, Manifest.ListFile> list) throws IOException {
    String location = spec.paths().at(path);
    Manifest.ListFile[] written = new Manifest.ListFile[1];
    FileStore.of(location).publish(location, out -> written[0] = list.apply(out));
    return written[0];
  }

  /** The sha256 of the embedding table that was joined or learned; null for none. */
  private @Nullable String tableSha256() {
    if (spec.table() != null) {
      return spec.table().sha256();
    }
    return otherFiles.stream()
        .filter(file -> file.path().equals(OutputPaths.LEARNED_VECTORS))
        .map(WrittenFile::sha256)
        .findFirst()
        .orElse(null);
  }

  /** The counts of the ids that the job leaves out; null if it leaves out none. */
  private Manifest.@Nullable ExcludedIdCounts excludedIds(ManifestWriter writer)
      throws IOException {
    ExcludedIds excluded = WorkerExcludedIds.of(spec);
    return excluded == null ? null : writer.excludedIdCounts(excluded.size());
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
