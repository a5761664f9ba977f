package org.merganser.pipeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.WrittenFile;
import org.merganser.json.Json;
import org.merganser.pipeline.VerificationReport.MissingUnit;
import org.merganser.pipeline.VerificationReport.State;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.LockHolder;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OutputStates;
import org.merganser.pipeline.output.OwnFiles;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.StoredOutput;
import org.merganser.store.FileStore;
import org.merganser.verify.OutputVerification;
import org.merganser.verify.OutputVerification.Finding;

/** Says whether an output folder is whole, damaged or unfinished, and what is wrong or missing. */
public final class RunVerification {
  /** Files that a note lists. */
  private static final int NAMED = 5;

  /** Where the files lie that a training run reads. */
  private static final List<String> TRAINED_ON = List.of("tokenizer/", "shards/", "validation/");

  private final OutputLayout layout;
  private final boolean full;
  private final List<String> notes = new ArrayList<>();

  private RunVerification(OutputLayout layout, boolean full) {
    this.layout = layout;
    this.full = full;
  }

  /**
   * Verifies a folder in any file system; writes nothing. Where it isn't local, the footers of
   * Parquet files are read by the full check alone, which copies one file at a time.
   *
   * @param full whether every byte is read and a sample compared with its source
   * @param beamFlags flags for Beam's file systems, such as {@code --awsRegion=eu-central-1}
   * @throws RunException when there is no run's output
   */
  public static VerificationReport verify(String output, boolean full, List<String> beamFlags)
      throws IOException {
    if (!FileStore.isLocal(output) || !beamFlags.isEmpty()) {
      RunnerFlags.use(beamFlags);
    }
    OutputLayout layout = OutputLayout.of(output, false);
    FileStore store = FileStore.of(output);
    if (!store.isFolder(output)) {
      throw new RunException(output + ": there is no such folder");
    }
    if (!store.exists(layout.at(layout.marker())) && !store.exists(layout.at(Manifest.FILE))) {
      throw new RunException(
          "%s: was not written by a run: it has neither %s nor %s"
              .formatted(output, Manifest.FILE, layout.marker()));
    }
    return new RunVerification(layout, full).verify();
  }

  /**
   * Compares a folder with a state that it went through, by the sha256 of every file: those of the
   * tokenizer and of shards must be as they were; others that a later state replaced are notes.
   *
   * @param state the sha256 of its manifest, or how that begins
   * @throws RunException when there is no such state, or several begin so
   */
  public static VerificationReport verifyAt(String output, String state, List<String> beamFlags)
      throws IOException {
    if (!FileStore.isLocal(output) || !beamFlags.isEmpty()) {
      RunnerFlags.use(beamFlags);
    }
    OutputLayout layout = OutputLayout.of(output, false);
    List<OutputStates.State> states = OutputStates.history(layout);
    List<OutputStates.State> meant =
        states.stream().filter(s -> s.sha256().startsWith(state)).toList();
    if (meant.size() != 1) {
      throw new RunException(
          "%s: %s begins with %s; merganser log %s lists them"
              .formatted(
                  output,
                  meant.isEmpty() ? "no state" : "more than one state",
                  state.isEmpty() ? "\"\"" : state,
                  output));
    }
    return new RunVerification(layout, true).verifyAt(meant.get(0));
  }

  private VerificationReport verifyAt(OutputStates.State state) throws IOException {
    FileStore store = FileStore.of(layout.root());
    List<Finding> findings = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    long files = 0;
    long bytes = 0;
    for (Manifest.ListFile list : List.of(state.manifest().inputs(), state.manifest().outputs())) {
      if (!list.sha256().equals(sha256(store, state.folder() + list.path()))) {
        findings.add(
            new Finding(
                "sha256", state.folder() + list.path(), "is not the list that the state had"));
      }
    }
    try (BufferedReader lines = FileStore.lines(layout.at(state.folder() + Manifest.OUTPUTS))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        WrittenFile file = Json.MAPPER.readValue(line, WrittenFile.class);
        String now = sha256(store, file.path());
        files++;
        bytes += file.size();
        if (file.sha256().equals(now)) {
          continue;
        }
        if (TRAINED_ON.stream().anyMatch(file.path()::startsWith)) {
          findings.add(
              now == null
                  ? new Finding("missing", file.path(), "the state had it")
                  : new Finding("sha256", file.path(), "has other bytes than in the state"));
        } else {
          replaced.add(file.path());
        }
      }
    }
    if (!replaced.isEmpty()) {
      notes.add(
          "replaced by a later state: %s in all, such as %s"
              .formatted(
                  replaced.size(),
                  String.join(", ", replaced.subList(0, Math.min(NAMED, replaced.size())))));
    }
    return report(
        findings.isEmpty() ? State.WHOLE : State.DAMAGED,
        findings,
        List.of(),
        List.of(),
        List.of(),
        null,
        new OutputVerification.Result(List.of(), List.of(), 0, files, bytes, 0),
        0);
  }

  private @Nullable String sha256(FileStore store, String path) throws IOException {
    if (!store.exists(layout.at(path))) {
      return null;
    }
    try (InputStream in = store.open(layout.at(path), 0)) {
      return Sha256.of(in);
    }
  }

  private VerificationReport verify() throws IOException {
    RunRecord record = RunRecord.find(layout);
    LockHolder holder = LockHolder.find(layout);
    if (holder != null) {
      notes.add(
          holder.livesHere()
              ? "a run is under way: " + holder
              : "the last run ended without finishing: " + holder);
    }
    FileStore store = FileStore.of(layout.root());
    if (!store.exists(layout.at(Manifest.FILE))) {
      return unfinished(record);
    }
    OutputVerification.Result result = check();
    List<Finding> findings = new ArrayList<>(result.findings());
    if (result.withoutReceipt() > 0) {
      notes.add(
          "shards without a receipt in run/units, where it is damaged or gone: "
              + result.withoutReceipt()
              + "; the dataset is whole, and when its inputs or its job change, a run makes the units"
              + " of these shards again");
    }
    if (!result.foreign().isEmpty()) {
      List<String> some = result.foreign().subList(0, Math.min(NAMED, result.foreign().size()));
      notes.add(
          ("beside the folders of the run lies what no run wrote and none deletes (%s"
                  + " in all): %s")
              .formatted(result.foreign().size(), String.join(", ", some)));
    }
    if (!FinishedRun.manifestUnchanged(layout)) {
      // First, since what it says of others may be what is wrong.
      findings.add(
          0,
          new Finding("sha256", Manifest.FILE, "was changed since the run finished; run it again"));
    }
    boolean swept = record == null || store.exists(layout.at(layout.finished()));
    List<String> leftovers = new ArrayList<>();
    if (!swept && findings.stream().allMatch(finding -> finding.what().equals("unlisted"))) {
      findings.forEach(finding -> leftovers.add(finding.where()));
      notes.add("the manifest is there; only the sweep at the end of the run is missing");
      return report(
          State.UNFINISHED, List.of(), List.of(), List.of(), leftovers, record, result, 0);
    }
    long compared = 0;
    if (full && findings.isEmpty() && record != null) {
      SourceComparison comparison = new SourceComparison(layout, record, notes);
      findings.addAll(comparison.compare());
      compared = comparison.documents();
    }
    return report(
        findings.isEmpty() ? State.WHOLE : State.DAMAGED,
        findings,
        List.of(),
        List.of(),
        leftovers,
        record,
        result,
        compared);
  }

  private OutputVerification.Result check() throws IOException {
    if (FileStore.isLocal(layout.root())) {
      return OutputVerification.check(FileStore.localPath(layout.root()), full);
    }
    if (!full) {
      notes.add("not a local folder: the footers of its Parquet files are read with --full only");
    }
    try (StoredOutput files = new StoredOutput(layout)) {
      return OutputVerification.check(files, full);
    }
  }

  private VerificationReport unfinished(@Nullable RunRecord record) throws IOException {
    Set<String> vouched = new TreeSet<>();
    List<MissingUnit> missing = List.of();
    List<String> done = List.of();
    if (record == null) {
      notes.add("the run was stopped before it had written its plan: everything is missing");
    } else {
      OutputLayout own = OutputLayout.of(layout.root(), record.tokenizerAtRoot());
      UnfinishedRun run = UnfinishedRun.of(own, record, full);
      vouched.addAll(run.vouched());
      missing = run.missing();
      done = run.done();
    }
    List<String> leftovers = new ArrayList<>();
    FileStore store = FileStore.of(layout.root());
    long files = 0;
    long bytes = 0;
    for (FileStore.Entry entry : OwnFiles.all(layout)) {
      String path = store.pathWithin(layout.root(), entry.location());
      boolean ours = path.startsWith("run/") || path.equals("report.html") || isList(path);
      if (FileStore.isTemporary(path) || (!ours && !vouched.contains(path))) {
        leftovers.add(path);
      }
      files++;
      bytes += entry.size();
    }
    return report(
        State.UNFINISHED,
        List.of(),
        missing,
        done,
        leftovers,
        record,
        new OutputVerification.Result(List.of(), List.of(), 0, files, bytes, 0),
        0);
  }

  private static boolean isList(String path) {
    return path.equals(Manifest.INPUTS) || path.equals(Manifest.OUTPUTS);
  }

  private VerificationReport report(
      State state,
      List<Finding> findings,
      List<MissingUnit> missing,
      List<String> done,
      List<String> leftovers,
      @Nullable RunRecord record,
      OutputVerification.Result result,
      long compared) {
    return new VerificationReport(
        state,
        layout.root(),
        List.copyOf(findings),
        missing,
        done,
        leftovers,
        List.copyOf(notes),
        record == null ? null : record.command(),
        result.files(),
        result.bytes(),
        result.rows(),
        compared);
  }
}
