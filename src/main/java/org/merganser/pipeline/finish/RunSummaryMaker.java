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
import org.merganser.job.Job;
import org.merganser.json.Json;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardFormat;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.finish.RunSummary.Opened;
import org.merganser.pipeline.finish.RunSummary.Published;
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
  private final ReadingTotals read;

  /** What the run added to a growing output; null for any other output. */
  private final @Nullable AppendSummary appended;

  private RunSummaryMaker(PreparedRun prepared) throws IOException {
    this.prepared = prepared;
    this.paths = prepared.paths();
    this.job = prepared.spec().job();
    this.manifest = FinishedOutput.at(paths).manifest();
    this.outputs = FinishedOutput.at(paths).outputs();
    this.sums = manifest.totals().sums();
    this.read = TrainingFigures.reading(manifest);
    this.appended = appended(prepared, sums);
  }

  /** The summary of a run that has published its version, or found it up to date. */
  public static RunSummary of(PreparedRun prepared) throws IOException {
    return new RunSummaryMaker(prepared).summary();
  }

  private static @Nullable AppendSummary appended(PreparedRun prepared, RecordSums sums)
      throws IOException {
    return prepared.spec().appends()
        ? AppendSummary.of(
            prepared.paths(),
            prepared.spec().addsTo(),
            prepared.skipped().waiting(),
            sums.documents())
        : null;
  }

  /**
   * The figures in the order of the summary. Each that needs more than a look-up has a method; an
   * argument that is not named like its component has the name before it.
   */
  private RunSummary summary() throws IOException {
    JsonNode record = finishedRecord();
    List<Check> verdict = verdict();
    String page = page();
    return new RunSummary(
        /* output= */ paths.root(),
        /* request= */ manifest.request().sha256(),
        manifest.data(),
        /* parts= */ RunSummary.parts(outputs),
        opened(),
        sums.documents(),
        sums.textBytes(),
        sums.tokens(),
        sums.lossTokens(),
        /* validationDocuments= */ sums.validation().documents(),
        /* validationTokens= */ sums.validation().tokens(),
        sums.duplicates(),
        /* excluded= */ sums.leftOutById(),
        manifest.excludedIds(),
        /* testSplit= */ sums.leftOutAsTest(),
        read.totals().sums().deadLetters(),
        tooManyDeadLetters(),
        records(),
        /* corpus= */ wholeness(),
        /* leftOut= */ prepared.skipped().counts(),
        /* waiting= */ reasons(prepared.waiting()),
        appended,
        warnings(verdict),
        /* foreign= */ List.copyOf(new OutputCleaning(paths).foreign(outputs)),
        keepsCardOfUser(),
        lost(),
        /* fieldWithoutGroups= */ record.path(FinishedField.FIELD_WITHOUT_GROUPS.key()).textValue(),
        /* vocabularySize= */ manifest.vocabulary(),
        vocabularyChange(),
        /* published= */ Json.MAPPER.treeToValue(
            record.path(FinishedField.PUBLISHED.key()), Published.class),
        /* training= */ TrainingFigures.of(manifest),
        /* packing= */ FinishedOutput.at(paths).packing(),
        /* times= */ RunTimes.find(paths),
        /* unitsEncoded= */ record.path(FinishedField.UNITS_ENCODED.key()).asLong(),
        /* unitsKept= */ record.path(FinishedField.UNITS_KEPT.key()).asLong(),
        verdict,
        page,
        /* pageDocuments= */ page == null
            ? 0
            : Math.min(job.report().documents(), sums.documents()));
  }

  /** The record that {@link FinishedRecord} has written. */
  private JsonNode finishedRecord() throws IOException {
    return Objects.requireNonNull(
        OutputJson.record(paths, OutputPaths.FINISHED, JsonNode.class),
        "the run has just noted it");
  }

  /** The checks of the report; empty without statistics. */
  private List<Check> verdict() throws IOException {
    byte[] json = OutputJson.find(paths, Statistics.FILE);
    return json == null ? List.of() : Statistics.read(json, paths.at(Statistics.FILE)).verdict();
  }

  /** The location of the report; null if there is none. */
  private @Nullable String page() throws IOException {
    String location = paths.at(ReportPublication.FILE);
    return FileStore.of(location).exists(location) ? location : null;
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
                  format.pythonExample(root + folder, files.get(0), header, manifest.vocabulary());
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

  /** Whether more records are dead letters than the job allows; false if it reads no corpus. */
  private boolean tooManyDeadLetters() {
    return job.corpus() != null && DeadLetterLimits.exceededBy(judged(), job.corpus());
  }

  /** The records for which the limits of the job hold. */
  private RecordSums judged() {
    return appended == null ? read.totals().sums() : appended.judged();
  }

  /** The number of records that were read and are not blank; null if no corpus was read. */
  private @Nullable Long records() {
    return job.corpus() == null ? null : DeadLetterLimits.countNonBlank(read.totals().sums());
  }

  /** Whether the corpus is complete, in a sentence; null if none was read. */
  private @Nullable String wholeness() {
    if (job.corpus() == null) {
      return null;
    }
    if (appended != null) {
      return CorpusLosses.wholenessOfAdded(sums, judged(), job.corpus());
    }
    return paths.tokenizerAtRoot() && read.totals().files() == 0
        ? "not accounted for: the vocabulary was learned from tables"
        : CorpusLosses.wholeness(read.totals().sums(), job.corpus());
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

  /** Whether README.md is a file of the user, which the run has left as it is. */
  private boolean keepsCardOfUser() throws IOException {
    return DatasetCard.isWrittenBy(prepared.spec())
        && CardFile.belongsToUser(paths.root(), outputs);
  }

  /** The lost files of the version; without dead letters in it, those of the text in training. */
  private LostFiles lost() throws IOException {
    return sums.deadLetters().isEmpty() ? read.lost() : LostFiles.find(paths);
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
}
