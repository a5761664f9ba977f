package org.merganser.pipeline.verify;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.job.CorpusSection;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.manifest.Request;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.output.verify.ManifestVerification.Finding;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.select.DuplicateFiles;
import org.merganser.pipeline.select.WorkerExcludedIds;
import org.merganser.pipeline.spec.PretokenReuse;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerConfig;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.report.measure.TextSample;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;

/**
 * Encodes a sample of the units again (the first, the middle and the last unit) and compares the
 * checksums of the files with those of the run. The new files are deleted at once.
 */
final class SourceComparison {
  /**
   * What a comparison found.
   *
   * @param findings the files that differ
   * @param documents the number of documents that were encoded again
   */
  record Result(List<Finding> findings, long documents) {}

  /** The pointer to the key {@code corpus.changedFiles} in the JSON of a job. */
  private static final String CHANGED_FILES = "/corpus/changedFiles";

  /** The state of a file that is not compared with the file as it is now. */
  private static final long ANY_STATE = 0;

  /** The value for {@link CorpusSection.ChangedFiles#KEEP}. */
  private static final String KEEP = "keep";

  private final OutputPaths paths;
  private final RunRecord record;
  private final List<String> notes;
  private final List<Finding> findings = new ArrayList<>();

  /** The number of documents that were encoded again. */
  private long documents;

  private SourceComparison(OutputPaths paths, RunRecord record, List<String> notes) {
    this.paths = OutputPaths.of(paths.root(), record.tokenizerAtRoot());
    this.record = record;
    this.notes = notes;
  }

  /**
   * Encodes the sample and compares the files.
   *
   * @param record of the run that published the version
   * @param notes receives what was not compared, in sentences
   */
  static Result compare(OutputPaths paths, RunRecord record, List<String> notes)
      throws IOException {
    SourceComparison comparison = new SourceComparison(paths, record, notes);
    comparison.compareSample();
    return new Result(comparison.findings, comparison.documents);
  }

  private void compareSample() throws IOException {
    if (record.plan() == null || !record.hasShards()) {
      return;
    }
    String plan = paths.at(record.plan());
    if (!ChecksummedFile.isWhole(plan)) {
      notes.add("the plan is gone or damaged, so nothing was compared with its source");
      return;
    }
    List<WorkUnit> units = PlanFile.units(plan);
    if (units.isEmpty()) {
      return;
    }
    if (keepsChangedFiles()) {
      noteKept(units);
    }
    UnitEncoder encoder;
    try {
      encoder = newEncoder(plan, units.size());
    } catch (RunException | JobException e) {
      notes.add("nothing was compared with its source: " + e.getMessage());
      return;
    }
    Set<Integer> sample = new TreeSet<>(List.of(0, units.size() / 2, units.size() - 1));
    for (int unit : sample) {
      compareUnit(units.get(unit), encoder);
    }
  }

  /**
   * Whether the job keeps the documents of files that changed after they were encoded. The key is
   * read from the JSON, since these notes do not need a job that this version can read.
   */
  private boolean keepsChangedFiles() {
    return record.job().at(CHANGED_FILES).asText().equals(KEEP);
  }

  /** An encoder with the settings of the run, which writes into a temporary folder. */
  private UnitEncoder newEncoder(String plan, int units) throws IOException {
    RunSpec spec = spec(plan);
    OutputPaths scratch = OutputPaths.of(Scratch.processFolder().toString());
    return new UnitEncoder(
        spec.withPaths(RunPaths.unstaged(scratch)).seenBy(Stage.ENCODE),
        FinishedOutput.at(paths).tokenizer(),
        DuplicateFiles.openList(spec, plan, units));
  }

  /** The run as its record and its output show it, without what does not decide its shards. */
  private RunSpec spec(String plan) throws IOException {
    Job job = record.job(paths.at(OutputPaths.RECORD));
    FileRef tokenizer = FinishedOutput.at(paths).tokenizer();
    TokenizerSource source =
        job.requireTokenizer().load() == null
            ? new TokenizerSource.LearnedBefore(record.tokenizerFingerprint(), tokenizer)
            : new TokenizerSource.Loaded(record.tokenizerFingerprint(), tokenizer, marks());
    TextSample nothing = TextSample.of(Long.MAX_VALUE, 1); // the texts are not measured here
    String addsTo = null;
    PretokenReuse keptPretokens = null;
    FileRef table = null;
    Request noRequest = Request.of(new TreeMap<>());
    return new RunSpec(
        job,
        RunPaths.unstaged(paths),
        new RunKind.Encode(source, plan, nothing, addsTo, keptPretokens),
        table,
        WorkerExcludedIds.prepare(job, paths.root()),
        noRequest);
  }

  /** The ids at the beginning and end of documents, which the totals of the run name. */
  private TokenizerConfig marks() throws IOException {
    DocumentMarks marks = FinishedOutput.at(paths).manifest().totals().sums().marks();
    return marks == null ? TokenizerConfig.NONE : new TokenizerConfig(marks.begin(), marks.end());
  }

  /** Encodes a unit again and adds the files that differ, or a note why it cannot be compared. */
  private void compareUnit(WorkUnit unit, UnitEncoder encoder) throws IOException {
    String change = changeOf(unit.ranges());
    if (change != null) {
      noteNotCompared(unit, change);
      return;
    }
    UnitReceipt again = encoder.encodeAgain(ofAnyState(unit));
    UnitReceipt found = Receipts.find(paths, again.fingerprint(), again.unit());
    if (found == null) {
      noteNotCompared(unit, "its receipt is missing, or this program encodes it differently");
      return;
    }
    for (InputRange range : again.inputs()) {
      documents += range.sums().documents() + range.sums().validation().documents();
    }
    for (WrittenFile file : found.files()) {
      if (!again.files().contains(file)) {
        findings.add(
            new Finding(
                "source",
                file.path(),
                "is not what the inputs of unit %s give".formatted(unit.number())));
      }
    }
  }

  /** Notes why a unit was not compared. */
  private void noteNotCompared(WorkUnit unit, String why) {
    notes.add("unit " + unit.number() + " was not compared with its source: " + why);
  }

  /**
   * The unit without file states, since its files may have been copied with their modification
   * time.
   */
  private static WorkUnit ofAnyState(WorkUnit unit) {
    return new WorkUnit(
        unit.number(),
        unit.ranges().stream()
            .map(
                range ->
                    new FileRange(range.file().withState(ANY_STATE), range.start(), range.end()))
            .toList());
  }

  /** Notes the files that changed, whose documents the job keeps. */
  private void noteKept(List<WorkUnit> units) throws IOException {
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        boolean beginsFile = range.start() == 0; // so a file of several ranges has one note
        String change = beginsFile ? changeOf(List.of(range)) : null;
        if (change != null) {
          notes.add(change + "; its documents are kept as they were, and not encoded again");
        }
      }
    }
  }

  /** A phrase about the first file that changed or cannot be read; null if there is none. */
  private static @Nullable String changeOf(List<FileRange> ranges) throws IOException {
    for (FileRange range : ranges) {
      String location = range.file().location();
      try {
        FileStore.Entry now = FileStore.of(location).stat(location);
        if (now.size() != range.file().size() || now.modified() != range.file().modified()) {
          return location + " has changed since the last run";
        }
      } catch (NoSuchFileException e) {
        return location + " was deleted or moved since the last run";
      } catch (IOException e) {
        return "%s cannot be read now (%s)".formatted(location, e.getMessage());
      }
    }
    return null;
  }
}
