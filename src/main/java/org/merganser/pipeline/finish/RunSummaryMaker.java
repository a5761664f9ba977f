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
import org.merganser.output.manifest.Totals;
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
  private RunSummaryMaker() {}

  /** The summary of a run that has published its version, or found it up to date. */
  public static RunSummary of(PreparedRun prepared) throws IOException {
    OutputPaths paths = prepared.paths();
    Job job = prepared.spec().job();
    Manifest manifest = FinishedOutput.at(paths).manifest();
    List<WrittenFile> outputs = FinishedOutput.at(paths).outputs();
    RecordSums sums = manifest.totals().sums();
    JsonNode record =
        Objects.requireNonNull(
            OutputJson.record(paths, OutputPaths.FINISHED, JsonNode.class),
            "the run has just noted it");
    ReadingTotals read = TrainingFigures.reading(manifest);
    AppendSummary night = night(prepared, sums);
    boolean keptCard =
        ManifestPublication.hasCard(prepared.spec())
            && CardFile.belongsToUser(paths.root(), outputs);
    RecordSums judged = night == null ? read.totals().sums() : night.judged();
    boolean tooManyDeadLetters =
        job.corpus() != null && DeadLetterLimits.exceededBy(judged, job.corpus());
    String corpus =
        job.corpus() != null && night != null
            ? CorpusLosses.wholenessOfAdded(sums, judged, job.corpus())
            : wholeness(paths, read.totals(), job);
    String page = page(paths);
    long pageDocuments = page == null ? 0 : Math.min(job.report().documents(), sums.documents());
    List<Check> verdict = verdict(paths);
    return new RunSummary(
        /* output= */ paths.root(),
        /* request= */ manifest.request().sha256(),
        manifest.data(),
        /* parts= */ RunSummary.parts(outputs),
        opened(paths, outputs, manifest.vocabulary(), job.shards().bin().header()),
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
        tooManyDeadLetters,
        /* records= */ job.corpus() == null ? null : DeadLetterLimits.filled(read.totals().sums()),
        corpus,
        /* leftOut= */ prepared.skipped().counts(),
        /* waiting= */ reasons(prepared.waiting()),
        night,
        warnings(prepared, verdict),
        /* foreign= */ List.copyOf(new OutputCleaning(paths).foreign(outputs)),
        keptCard,
        /* lost= */ sums.deadLetters().isEmpty() ? read.lost() : LostFiles.find(paths),
        /* fieldWithoutGroups= */ record.path(FinishedField.FIELD_WITHOUT_GROUPS.key()).textValue(),
        /* vocabularySize= */ manifest.vocabulary(),
        vocabularyChange(paths, manifest, outputs),
        /* published= */ Json.MAPPER.treeToValue(
            record.path(FinishedField.PUBLISHED.key()), Published.class),
        /* training= */ TrainingFigures.of(manifest),
        /* packing= */ FinishedOutput.at(paths).packing(),
        /* times= */ RunTimes.find(paths),
        /* unitsEncoded= */ record.path(FinishedField.UNITS_ENCODED.key()).asLong(),
        /* unitsKept= */ record.path(FinishedField.UNITS_KEPT.key()).asLong(),
        verdict,
        page,
        pageDocuments);
  }

  /** What the run added to a growing output; null for another output. */
  private static @Nullable AppendSummary night(PreparedRun prepared, RecordSums sums)
      throws IOException {
    return prepared.spec().appends()
        ? AppendSummary.of(
            prepared.paths(),
            prepared.spec().addsTo(),
            prepared.skipped().waiting(),
            sums.documents())
        : null;
  }

  private static List<String> warnings(PreparedRun prepared, List<Check> verdict)
      throws IOException {
    List<String> warnings = new ArrayList<>(prepared.skipped().warnings());
    DocumentLengths lengths = FinishedOutput.at(prepared.paths()).lengths();
    if (lengths != null && verdict.isEmpty()) { // otherwise a check of the report says it
      warnings.addAll(lengths.warnings());
    }
    return warnings;
  }

  private static SortedMap<String, String> reasons(SortedMap<String, WaitingFile> waiting) {
    SortedMap<String, String> reasons = new TreeMap<>();
    waiting.forEach((file, why) -> reasons.put(file, why.reason()));
    return reasons;
  }

  /** Null if the folder had no vocabulary before, or if the run only reads the shards of others. */
  private static @Nullable VocabularyChange vocabularyChange(
      OutputPaths paths, Manifest manifest, List<WrittenFile> outputs) throws IOException {
    RunRecord record = RunRecord.find(paths);
    String before = record == null ? null : record.vocabularyBefore();
    if (record == null || before == null) {
      return null;
    }
    boolean hasResult = record.plan() != null || record.tokenizerAtRoot();
    if (!hasResult) {
      return null;
    }
    long shards =
        outputs.stream()
            .filter(file -> file.path().startsWith(ShardSet.TRAINING) && file.documents() > 0)
            .count();
    return new VocabularyChange(before, manifest.tokenizerSha256(), shards);
  }

  /** Whether the corpus is complete, in a sentence; null if none was read. */
  private static @Nullable String wholeness(OutputPaths paths, Totals read, Job job) {
    if (job.corpus() == null) {
      return null;
    }
    return paths.tokenizerAtRoot() && read.files() == 0
        ? "not accounted for: the vocabulary was learned from tables"
        : CorpusLosses.wholeness(read.sums(), job.corpus());
  }

  /** The checks of the report; empty without statistics. */
  private static List<Check> verdict(OutputPaths paths) throws IOException {
    byte[] json = OutputJson.find(paths, Statistics.FILE);
    return json == null ? List.of() : Statistics.read(json, paths.at(Statistics.FILE)).verdict();
  }

  /** The location of the report; null if there is none. */
  private static @Nullable String page(OutputPaths paths) throws IOException {
    String location = paths.at(ReportPublication.FILE);
    return FileStore.of(location).exists(location) ? location : null;
  }

  /**
   * What trainers open, by the folder of the layout.
   *
   * @param bound of the ids
   */
  private static Map<String, Opened> opened(
      OutputPaths paths, List<WrittenFile> outputs, int bound, BinHeader header)
      throws IOException {
    boolean local = FileStore.isLocal(paths.root());
    String root = local ? FileStore.localPath(paths.root()) + "/" : paths.at("");
    Map<String, List<String>> files = new LinkedHashMap<>();
    for (WrittenFile file : outputs) {
      String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
      folder = folder.substring(0, folder.length() - GroupFolder.ofFile(folder).length());
      if (file.tokens() > 0 && ShardFormat.ofFolder(folder) != null) {
        files.computeIfAbsent(folder, f -> new ArrayList<>()).add(root + file.path());
      }
    }
    Map<String, Opened> opened = new LinkedHashMap<>();
    files.forEach(
        (folder, ids) -> {
          ShardFormat format = Objects.requireNonNull(ShardFormat.ofFolder(folder));
          String python = format.pythonExample(root + folder, ids.get(0), header, bound);
          boolean opens = local || format == ShardFormat.PARQUET;
          opened.put(
              folder, new Opened(format.openedPaths(root + folder, ids), opens ? python : null));
        });
    return opened;
  }
}
