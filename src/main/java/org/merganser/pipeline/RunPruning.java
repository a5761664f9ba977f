package org.merganser.pipeline;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merganser.corpus.WorkUnit;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OutputSweep;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.pipeline.train.count.CountingUnit;
import org.merganser.store.FileStore;
import org.merganser.verify.OwnFiles;

/**
 * Deletes files of earlier jobs below {@code run}, after the run has written its manifest and
 * cleaned the output. A name in a folder below {@code run} begins with the fingerprint of its
 * source: a unit, shards, a plan or a vocabulary. Files and folders are deleted if this run does
 * not use their fingerprint and a run wrote them ({@link OutputSweep}). It also deletes receipts
 * whose files are missing or changed, and samples without a receipt.
 *
 * <p>Files that the run or its continuation uses are never deleted, so pruning may be interrupted
 * at any time: the next run that finishes deletes the rest. No job depends on the deleted files: a
 * job that does not find a receipt writes the files of that receipt again.
 */
final class RunPruning {
  private final PreparedRun run;
  private final RunSpec spec;
  private final OutputLayout layout;
  private final FileStore store;
  private final OutputSweep sweep;

  /**
   * Whether the folder is local and so locked: no other run can read files while they are written
   * again.
   */
  private final boolean locked;

  private final Set<String> used = new HashSet<>();

  private final Set<String> leftAlone = new HashSet<>(Set.of("units", "workers"));

  private RunPruning(PreparedRun run) {
    this.run = run;
    this.spec = run.spec();
    this.layout = spec.layout();
    this.store = FileStore.of(layout.root());
    this.sweep = new OutputSweep(layout);
    this.locked = FileStore.isLocal(layout.root());
    if (!locked) {
      leftAlone.addAll(OutputLayout.MADE_ANEW);
    }
  }

  static void prune(PreparedRun run, List<WrittenFile> outputs) throws IOException {
    RunPruning pruning = new RunPruning(run);
    pruning.useShards();
    pruning.usePlans();
    pruning.useUnits();
    for (String path : OwnFiles.list(pruning.layout.root(), "run")) {
      pruning.sweep(path);
    }
    pruning.sweepReceipts(outputs);
  }

  private void useShards() throws IOException {
    List<OutputLayout> shards =
        spec.kind() instanceof RunKind.FromShards from ? from.earlier() : List.of(layout);
    for (ShardSet unit : FinishedOutput.shards(shards)) {
      used.add(unit.training().fingerprint());
      unit.parts().forEach(part -> used.add(part.fingerprint()));
    }
  }

  private void usePlans() {
    if (!(spec.kind() instanceof RunKind.FromShards)) {
      used.add(spec.tokenizer().fingerprint());
    }
    for (String plan : spec.plans()) {
      use(plan);
      if (spec.job().deduplicates()) {
        use(FindDuplicates.list(spec, plan));
      }
    }
  }

  private void useUnits() {
    Job job = spec.job();
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    boolean known =
        !run.units().isEmpty()
            && (train == null || train.inputs().isEmpty() || !run.trainingUnits().isEmpty());
    if (!known) {
      leftAlone.addAll(List.of("read", "texts", "counts"));
      return;
    }
    if (!spec.job().deduplicates()) {
      leftAlone.add("texts");
    }
    if (train == null) {
      leftAlone.add("counts");
    }
    for (List<WorkUnit> plan : List.of(run.units(), run.trainingUnits())) {
      for (WorkUnit unit : plan) {
        used.add(Fingerprint.of(unit));
        if (spec.job().deduplicates()) {
          use(FindDuplicates.hashes(spec, unit));
        }
      }
    }
    // A run that found its tokenizer counted nothing, so its spec lacks the way of counting.
    List<WorkUnit> counted = run.trainingUnits().isEmpty() ? run.units() : run.trainingUnits();
    CountingUnit.of(counted).forEach(unit -> used.add(Fingerprint.of(unit.units())));
  }

  private void use(String location) {
    used.add(fingerprint(location.substring(layout.at("").length()).split("/")));
  }

  private static String fingerprint(String[] names) {
    return names[2].substring(0, Math.min(names[2].length(), Fingerprint.LENGTH));
  }

  private void sweep(String path) throws IOException {
    String[] names = path.split("/");
    if (names.length > 2 && !leftAlone.contains(names[1]) && !used.contains(fingerprint(names))) {
      sweep.delete(path);
    }
  }

  private void sweepReceipts(List<WrittenFile> outputs) throws IOException {
    Map<String, String> written = new HashMap<>();
    outputs.forEach(file -> written.put(file.path(), file.sha256()));
    Set<String> receipts = new HashSet<>();
    List<String> paths = OwnFiles.list(layout.root(), OutputLayout.UNITS);
    for (String path : paths) {
      if (path.endsWith(".json") && sweep.mayDelete(path)) {
        if (isValid(path, written)) {
          receipts.add(path);
        } else {
          sweep.delete(path);
        }
      }
    }
    for (String path : paths) {
      String receipt = path.replaceFirst("[^.]+$", "json");
      if (path.endsWith(OutputLayout.BEGUN)
          || !path.equals(receipt) && !receipts.contains(receipt)) {
        sweep.delete(path);
      }
    }
  }

  /** The path of the tokenizer's receipt; empty if the tokenizer is in another folder. */
  private String tokenizer() {
    return spec.kind() instanceof RunKind.FromShards
        ? ""
        : TokenizerPublication.path(layout, spec.tokenizer().fingerprint());
  }

  /**
   * Whether a receipt is readable and all its files exist; a receipt of another tokenizer is
   * invalid. In a locked folder, so is a receipt without work.
   */
  private boolean isValid(String path, Map<String, String> outputs) throws IOException {
    UnitReceipt receipt = Receipts.readable(layout.at(path));
    if (receipt == null) {
      return false; // its unit is processed again, which writes the receipt again
    }
    if (receipt.stage().equals(TokenizerPublication.NAME) && !path.equals(tokenizer())) {
      return false; // another job has learned the same one, or another
    }
    for (WrittenFile file : receipt.files()) {
      boolean there =
          file.path().startsWith(OutputLayout.RUN)
              ? store.exists(layout.at(file.path()))
              : file.sha256().equals(outputs.get(file.path()));
      if (!there) {
        return false;
      }
    }
    return !locked
        || !receipt.files().isEmpty()
        || !receipt.inputs().isEmpty()
        || receipt.histogram() != null
        || receipt.lengths() != null;
  }
}
