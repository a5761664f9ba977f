package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.ProgramCommand;
import org.merganser.dataset.Request;
import org.merganser.pipeline.VerificationReport.State;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OutputStates;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunLock;
import org.merganser.store.FileStore;
import org.merganser.verify.OutputVerification;
import org.merganser.verify.OutputVerification.Finding;
import org.merganser.verify.OwnFiles;

/** Finds out whether an output folder is complete, damaged or unfinished; lists the problems. */
public final class RunVerification {
  private final OutputLayout layout;
  private final boolean full;
  private final @Nullable RunRecord record;
  private @Nullable UnfinishedRun run;
  private final List<String> leftovers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long documentsCompared;

  /**
   * @param record of the last run; null if there is none, or if it does not matter
   */
  private RunVerification(OutputLayout layout, @Nullable RunRecord record, boolean full) {
    this.layout = layout;
    this.record = record;
    this.full = full;
  }

  /**
   * Verifies a folder in any file system; writes only a note of damage for the next run. In a
   * remote folder, only the full check reads the footers of Parquet files; it copies one file at a
   * time.
   *
   * @param full whether every byte is read and a sample compared with its source
   * @param beamFlags flags for Beam's file systems, such as {@code --awsRegion=eu-central-1}
   * @throws RunException if there is no run's output
   */
  public static VerificationReport verify(String output, boolean full, List<String> beamFlags)
      throws IOException {
    RunnerFlags.useFor(output, beamFlags);
    OutputLayout layout = OutputLayout.of(output, false);
    FileStore store = FileStore.of(output);
    if (!store.isFolder(output)) {
      throw new RunException(output + ": there is no such folder");
    }
    if (!store.exists(layout.at(OutputLayout.MARKER)) && !store.exists(layout.at(Manifest.FILE))) {
      throw RunException.of(
          "%s: was not written by a run: it has neither %s nor %s",
          output, Manifest.FILE, OutputLayout.MARKER);
    }
    return new RunVerification(layout, RunRecord.find(layout), full).verify();
  }

  /**
   * Compares a folder with one of its earlier states, by the sha256 of the files of the tokenizer
   * and of the shards.
   *
   * @param state the sha256 of its manifest, or the beginning of the sha256
   * @throws RunException if there is no such state, or if several states begin with it
   */
  public static VerificationReport verifyAt(String output, String state, List<String> beamFlags)
      throws IOException {
    RunnerFlags.useFor(output, beamFlags);
    OutputLayout layout = OutputLayout.of(output, false);
    List<OutputStates.State> states = new OutputStates(layout).history();
    List<OutputStates.State> meant =
        states.stream().filter(s -> !state.isEmpty() && s.sha256().startsWith(state)).toList();
    if (meant.size() != 1) {
      throw RunException.of(
          "%s: %s begins with %s; %s lists them",
          output,
          meant.isEmpty() ? "no version" : "more than one version",
          state.isEmpty() ? "\"\"" : state,
          ProgramCommand.line("log", output));
    }
    OutputVerification.Result result =
        OutputVerification.checkState(
            layout.root(), meant.get(0).folder(), meant.get(0).manifest());
    return new RunVerification(layout, null, true).finished(result.findings(), result);
  }

  private VerificationReport verify() throws IOException {
    RunLock.Holder holder = RunLock.Holder.find(layout);
    if (holder != null) {
      notes.add(
          holder.livesHere()
              ? "a run is active: " + holder
              : "the last run ended without finishing: " + holder);
    }
    FileStore store = FileStore.of(layout.root());
    if (!store.exists(layout.at(Manifest.FILE))) {
      String state = record == null ? null : record.addsTo();
      OutputVerification.Result states = OutputVerification.checkStates(layout.root(), state);
      return states.findings().isEmpty() ? unfinished() : finished(states.findings(), states);
    }
    if (!full && !FileStore.isLocal(layout.root())) {
      notes.add("not a local folder: the footers of its Parquet files are read with --full only");
    }
    OutputVerification.Result result = OutputVerification.check(layout.root(), full);
    List<Finding> findings = new ArrayList<>(result.findings());
    if (!Receipts.manifestUnchanged(layout)) {
      // This finding comes first: the manifest that lists the other files may be wrong itself.
      findings.add(
          0,
          new Finding("sha256", Manifest.FILE, "was changed since the run finished; run it again"));
    }
    boolean swept = record == null || store.exists(layout.at(OutputLayout.FINISHED));
    if (!swept && findings.stream().allMatch(finding -> finding.what().equals("unlisted"))) {
      findings.forEach(finding -> leftovers.add(finding.where()));
      notes.add("the manifest exists; only the sweep at the end of the run is missing");
      return report(State.UNFINISHED, List.of(), result);
    }
    if (findings.isEmpty()) {
      addOtherData(findings);
    }
    if (full && findings.isEmpty() && record != null) {
      SourceComparison comparison = new SourceComparison(layout, record, notes);
      findings.addAll(comparison.compare());
      documentsCompared = comparison.documents();
    }
    // An output stays valid when its source changes later.
    if (record != null && findings.stream().anyMatch(finding -> !finding.what().equals("from"))) {
      noteDamage(store);
    }
    return finished(findings, result);
  }

  private void addOtherData(List<Finding> findings) throws IOException {
    Request request = FinishedOutput.manifest(layout).request();
    for (int i = 0; i < request.keys().size(); i++) {
      String read = request.keys().get("shards.from[" + i + "]");
      String from = FinishedOutput.location(layout, "/shards/from/" + i);
      if (read != null && from != null && FileStore.of(from).exists(from + "/" + Manifest.FILE)) {
        String now = FinishedOutput.manifest(OutputLayout.of(from, false)).data();
        if (!read.equals(now)) {
          String detail = "has the data %s, but this output was made from %s; run its job again";
          findings.add(new Finding("from", from, detail.formatted(now, read)));
        }
      }
    }
  }

  private void noteDamage(FileStore store) {
    try {
      store.publish(layout.at(OutputLayout.DAMAGED), out -> {});
    } catch (IOException e) {
      notes.add(
          layout.at(OutputLayout.DAMAGED)
              + " cannot be written: delete the damaged files before the job runs again");
    }
  }

  private VerificationReport unfinished() throws IOException {
    if (record == null) {
      notes.add("the run was stopped before it had written its plan: everything is missing");
    } else {
      OutputLayout own = OutputLayout.of(layout.root(), record.tokenizerAtRoot());
      run = UnfinishedRun.of(own, record, full);
    }
    Set<String> vouched = run == null ? Set.of() : run.vouched();
    FileStore store = FileStore.of(layout.root());
    long files = 0;
    long bytes = 0;
    for (FileStore.Entry entry : OwnFiles.all(layout.root())) {
      String path = store.pathWithin(layout.root(), entry.location());
      boolean ours =
          path.startsWith(OutputLayout.RUN)
              || List.of(ReportPublication.FILE, Manifest.INPUTS, Manifest.OUTPUTS).contains(path);
      if (FileStore.isTemporary(path) || (!ours && !vouched.contains(path))) {
        leftovers.add(path);
      }
      files++;
      bytes += entry.size();
    }
    OutputVerification.Result looked =
        new OutputVerification.Result(List.of(), files, bytes, 0, null);
    return report(State.UNFINISHED, List.of(), looked);
  }

  private VerificationReport finished(List<Finding> findings, OutputVerification.Result result) {
    return report(findings.isEmpty() ? State.WHOLE : State.DAMAGED, findings, result);
  }

  private VerificationReport report(
      State state, List<Finding> findings, OutputVerification.Result result) {
    return new VerificationReport(
        state,
        layout.root(),
        findings,
        run == null ? List.of() : run.missing(),
        run == null ? List.of() : run.done(),
        leftovers,
        notes,
        record == null ? null : record.command(),
        result.files(),
        result.bytes(),
        result.rows(),
        documentsCompared,
        result.marks());
  }
}
