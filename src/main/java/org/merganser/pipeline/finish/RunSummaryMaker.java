package org.merganser.pipeline.finish;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.job.CorpusSection;
import org.merganser.job.Job;
import org.merganser.json.Json;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardFormat;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.finish.RunSummary.Opened;
import org.merganser.pipeline.finish.RunSummary.Part;
import org.merganser.pipeline.finish.RunSummary.VocabularyChange;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.deadletter.CorpusLosses;
import org.merganser.pipeline.output.deadletter.DeadLetterLimits;
import org.merganser.pipeline.output.deadletter.LostFiles;
import org.merganser.pipeline.output.deadletter.WaitingFile;
import org.merganser.pipeline.output.finished.FinishedField;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.train.ReadingTotals;
import org.merganser.pipeline.train.TrainingFigures;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.Statistics;
import org.merganser.report.statistics.Statistics.Check;
import org.merganser.store.FileStore;

/** Reads the {@link RunSummary} of a finished run from its output folder. */
public final class RunSummaryMaker {
  private final PreparedRun prepared;
  private final OutputPaths paths;
  private final Job job;
  private final Manifest manifest;

  /** The files that the manifest lists. */
  private final List<WrittenFile> outputs;

  /** The sums over all inputs of the version. */
  private final RecordSums sums;

  /** What the run has read of its text: in learning, if it only learns a vocabulary. */
  private final ReadingTotals reading;

  /** What the run added to a growing output; null for any other output. */
  private final @Nullable AppendSummary appended;

  /** The record that {@link FinishedRecord} has written. */
  private final JsonNode finishedRecord;

  private RunSummaryMaker(
      PreparedRun prepared,
      Manifest manifest,
      List<WrittenFile> outputs,
      @Nullable AppendSummary appended,
      JsonNode finishedRecord) {
    this.prepared = prepared;
    this.paths = prepared.paths();
    this.job = prepared.spec().job();
    this.manifest = manifest;
    this.outputs = outputs;
    this.sums = manifest.totals().sums();
    this.reading = TrainingFigures.reading(manifest);
    this.appended = appended;
    this.finishedRecord = finishedRecord;
  }

  /** The summary of a run that has published its version, or found it up to date. */
  public static RunSummary of(PreparedRun prepared) throws IOException {
    OutputPaths paths = prepared.paths();
    FinishedOutput output = FinishedOutput.at(paths);
    Manifest manifest = output.manifest();
    long documents = manifest.totals().sums().documents();
    JsonNode finishedRecord =
        Objects.requireNonNull(
            OutputJson.record(paths, OutputPaths.FINISHED, JsonNode.class),
            "the run has just noted it");
    return new RunSummaryMaker(
            prepared, manifest, output.outputs(), appended(prepared, documents), finishedRecord)
        .summary();
  }

  /**
   * What a run added to a growing output; null for any other output.
   *
   * @param allDocuments the documents of the output after the run
   */
  private static @Nullable AppendSummary appended(PreparedRun prepared, long allDocuments)
      throws IOException {
    return prepared.spec().appends()
        ? AppendSummary.of(
            prepared.paths(), prepared.spec().addsTo(), prepared.skipped().waiting(), allDocuments)
        : null;
  }

  private RunSummary summary() throws IOException {
    List<Check> verdict = verdict();
    return new RunSummary(
        version(),
        RunSummary.Encoded.of(sums),
        omitted(),
        losses(),
        inputs(verdict),
        remarks(),
        new RunSummary.Vocabulary(manifest.idBound(), vocabularyChange()),
        work(),
        report(verdict));
  }

  /** The checks of the report; empty without statistics. */
  private List<Check> verdict() throws IOException {
    byte[] json = OutputJson.find(paths, Statistics.FILE);
    return json == null ? List.of() : Statistics.read(json, paths.at(Statistics.FILE)).verdict();
  }

  private RunSummary.Version version() throws IOException {
    String request = manifest.request().sha256();
    return new RunSummary.Version(
        paths.root(), request, manifest.data(), Part.of(outputs), opened());
  }

  /** What trainers open, by the folder of the layout. */
  private Map<String, Opened> opened() throws IOException {
    boolean isLocal = FileStore.isLocal(paths.root());
    String root = isLocal ? FileStore.localPath(paths.root()) + "/" : paths.at("");
    BinHeader header = job.shards().bin().header();
    Map<String, Opened> opened = new LinkedHashMap<>();
    filesWithIds(root)
        .forEach(
            (folder, files) -> {
              ShardFormat format = Objects.requireNonNull(ShardFormat.ofFolder(folder));
              String python =
                  format.pythonExample(root + folder, files.get(0), header, manifest.idBound());
              boolean opensHere = isLocal || format == ShardFormat.PARQUET;
              opened.put(
                  folder,
                  new Opened(format.openedPaths(root + folder, files), opensHere ? python : null));
            });
    return opened;
  }

  /**
   * The locations of the files with ids, by the folder of their layout.
   *
   * @param root the location of the output, with a slash at the end
   */
  private Map<String, List<String>> filesWithIds(String root) {
    Map<String, List<String>> files = new LinkedHashMap<>();
    for (WrittenFile file : outputs) {
      String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
      String group = GroupFolder.ofFile(folder);
      String layout = folder.substring(0, folder.length() - group.length());
      if (file.tokens() > 0 && ShardFormat.ofFolder(layout) != null) {
        files.computeIfAbsent(layout, f -> new ArrayList<>()).add(root + file.path());
      }
    }
    return files;
  }

  private RunSummary.Omitted omitted() {
    return new RunSummary.Omitted(
        sums.duplicates(), sums.leftOutById(), manifest.excludedIds(), sums.leftOutAsTest());
  }

  private RunSummary.Losses losses() {
    RecordSums read = reading.totals().sums();
    CorpusSection corpus = job.corpus();
    if (corpus == null) {
      boolean tooMany = false;
      Long noRecords = null;
      String noCorpus = null;
      return new RunSummary.Losses(read.deadLetters(), tooMany, noRecords, noCorpus);
    }
    return new RunSummary.Losses(
        read.deadLetters(),
        DeadLetterLimits.exceededBy(recordsUnderLimits(), corpus),
        DeadLetterLimits.countNonBlank(read),
        wholeness(corpus));
  }

  /** The records for which the limits of the job hold. */
  private RecordSums recordsUnderLimits() {
    return appended == null ? reading.totals().sums() : appended.underLimits();
  }

  /** Whether the corpus is complete, in a sentence. */
  private String wholeness(CorpusSection corpus) {
    if (appended != null) {
      return CorpusLosses.wholenessOfAdded(sums, recordsUnderLimits(), corpus);
    }
    return paths.tokenizerAtRoot() && reading.totals().files() == 0
        ? "not accounted for: the vocabulary was learned from tables"
        : CorpusLosses.wholeness(reading.totals().sums(), corpus);
  }

  /**
   * What the run did not read, and added.
   *
   * @param verdict the checks of the report
   */
  private RunSummary.Inputs inputs(List<Check> verdict) throws IOException {
    return new RunSummary.Inputs(
        prepared.skipped().counts(), reasons(prepared.waiting()), appended, warnings(verdict));
  }

  /** The reason for which each file waits. */
  private static SortedMap<String, String> reasons(SortedMap<String, WaitingFile> waiting) {
    SortedMap<String, String> reasons = new TreeMap<>();
    waiting.forEach((file, why) -> reasons.put(file, why.reason()));
    return reasons;
  }

  /**
   * The warnings about the inputs, and about the lengths of documents unless the report has them.
   */
  private List<String> warnings(List<Check> verdict) throws IOException {
    List<String> warnings = new ArrayList<>(prepared.skipped().warnings());
    DocumentLengths lengths = FinishedOutput.at(paths).lengths();
    if (lengths != null && verdict.isEmpty()) { // otherwise a check of the report says it
      warnings.addAll(lengths.warnings());
    }
    return warnings;
  }

  private RunSummary.Remarks remarks() throws IOException {
    return new RunSummary.Remarks(
        List.copyOf(new OutputCleaning(paths).foreign(outputs)),
        keepsCardOfUser(),
        lostFiles(),
        finishedRecord.path(FinishedField.FIELD_WITHOUT_GROUPS.key()).textValue());
  }

  /** Whether README.md is a file of the user, which the run has left as it is. */
  private boolean keepsCardOfUser() throws IOException {
    return DatasetCard.isWrittenBy(prepared.spec())
        && CardFile.belongsToUser(paths.root(), outputs);
  }

  /**
   * The lost files of the corpus of this version. If it has no dead letters, those of the text from
   * which the vocabulary was learned.
   */
  private LostFiles lostFiles() throws IOException {
    return sums.deadLetters().isEmpty() ? reading.lost() : LostFiles.find(paths);
  }

  /**
   * Whether the vocabulary changed; null if the folder had none before, or if the run only reads
   * the shards of others.
   */
  private @Nullable VocabularyChange vocabularyChange() throws IOException {
    RunRecord record = RunRecord.find(paths);
    String before = record == null ? null : record.vocabularyBefore();
    if (record == null || before == null) {
      return null;
    }
    boolean hasOwnVocabulary = record.plan() != null || record.tokenizerAtRoot();
    if (!hasOwnVocabulary) {
      return null;
    }
    long shards =
        outputs.stream()
            .filter(file -> file.path().startsWith(ShardSet.TRAINING) && file.documents() > 0)
            .count();
    return new VocabularyChange(before, manifest.tokenizerSha256(), shards);
  }

  private RunSummary.Work work() throws IOException {
    JsonNode published = finishedRecord.path(FinishedField.PUBLISHED.key());
    return new RunSummary.Work(
        Json.MAPPER.treeToValue(published, PublishedChanges.class),
        TrainingFigures.of(manifest),
        FinishedOutput.at(paths).packing(),
        RunTimes.find(paths),
        finishedRecord.path(FinishedField.UNITS_ENCODED.key()).asLong(),
        finishedRecord.path(FinishedField.UNITS_KEPT.key()).asLong());
  }

  private RunSummary.Report report(List<Check> verdict) throws IOException {
    String page = page();
    long documents = page == null ? 0 : Math.min(job.report().documents(), sums.documents());
    return new RunSummary.Report(verdict, page, documents);
  }

  /** The location of the report; null if there is none. */
  private @Nullable String page() throws IOException {
    String location = paths.at(ReportPublication.FILE);
    return FileStore.of(location).exists(location) ? location : null;
  }
}
