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
import org.merganser.parquet.ShardException;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
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
 * Deletes what earlier jobs left below {@code run}, for a run that has written its manifest and
 * swept the output. The name of a file or folder in a folder there begins with the fingerprint of
 * what it was made from: a unit, shards, a plan, a vocabulary. What begins with none of this run's
 * goes, and so do receipts whose files are not there as they say, which were never valid again, and
 * samples without a receipt, and samples of another size.
 *
 * <p>What the run itself or one that goes on with it uses is never touched, so it may be cut short
 * at any instant: the next run that finishes deletes the rest. Nobody relies on what is deleted:
 * whoever does not find a receipt makes its files anew.
 */
final class RunPruning {
  private final PreparedRun run;
  private final RunSpec spec;
  private final OutputLayout layout;
  private final FileStore store;

  /** Whether nobody else can be about to read what is small and made anew by each run. */
  private final boolean locked;

  /** The fingerprints of what this run uses. */
  private final Set<String> used = new HashSet<>();

  /** Folders below {@code run} of which the run does not know all that it uses. */
  private final Set<String> leftAlone = new HashSet<>(Set.of("units", "workers"));

  private RunPruning(PreparedRun run) {
    this.run = run;
    this.spec = run.spec();
    this.layout = spec.layout();
    this.store = FileStore.of(layout.root());
    this.locked = FileStore.isLocal(layout.root());
    if (!locked) {
      leftAlone.addAll(OutputLayout.MADE_ANEW);
    }
  }

  /**
   * Prunes the folder of a run that has finished.
   *
   * @param outputs all files of its list
   */
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
      if (deduplicates()) {
        use(FindDuplicates.list(spec, plan));
      }
    }
  }

  /** Only where the whole corpus is known: a tokenizer that is there has hidden what it read. */
  private void useUnits() {
    Job job = spec.job();
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    boolean known =
        !run.units().isEmpty()
            && (train == null
                || train.sample().inputs().isEmpty()
                || !run.trainingUnits().isEmpty());
    if (!known) {
      leftAlone.addAll(List.of("read", "texts", "counts"));
      return;
    }
    if (!deduplicates()) {
      leftAlone.add("texts");
    }
    if (train == null) {
      leftAlone.add("counts");
    }
    for (List<WorkUnit> plan : List.of(run.units(), run.trainingUnits())) {
      for (WorkUnit unit : plan) {
        used.add(Fingerprint.of(unit));
        if (deduplicates()) {
          use(FindDuplicates.hashes(spec, unit));
        }
      }
    }
    // A run that found its tokenizer counted nothing, so its spec does not say how it would.
    List<WorkUnit> counted = run.trainingUnits().isEmpty() ? run.units() : run.trainingUnits();
    CountingUnit.of(counted).forEach(unit -> used.add(Fingerprint.of(unit.units())));
  }

  private boolean deduplicates() {
    Job.Corpus corpus = spec.job().corpus();
    return corpus != null && corpus.choice().deduplicate() != Job.Deduplicate.NONE;
  }

  private void use(String location) {
    used.add(fingerprint(location.substring(layout.at("").length()).split("/")));
  }

  /** What the third name of a path begins with. */
  private static String fingerprint(String[] names) {
    return names[2].substring(0, Math.min(names[2].length(), Fingerprint.LENGTH));
  }

  private void sweep(String path) throws IOException {
    String[] names = path.split("/");
    if (names.length > 2 && !leftAlone.contains(names[1]) && !used.contains(fingerprint(names))) {
      store.delete(layout.at(path));
    }
  }

  private void sweepReceipts(List<WrittenFile> outputs) throws IOException {
    Map<String, String> written = new HashMap<>();
    outputs.forEach(file -> written.put(file.path(), file.sha256()));
    Set<String> receipts = new HashSet<>();
    List<String> paths = OwnFiles.list(layout.root(), "run/units");
    for (String path : paths) {
      if (path.endsWith(".json")) {
        if (isValid(path, written)) {
          receipts.add(path);
        } else {
          store.delete(layout.at(path));
        }
      }
    }
    for (String path : paths) {
      String receipt = path.replaceFirst("[^.]+$", "json");
      if (!path.equals(receipt) && (!receipts.contains(receipt) || isOtherSample(path, receipt))) {
        store.delete(layout.at(path));
      }
    }
  }

  private boolean isOtherSample(String path, String receipt) {
    return spec.measures() && !path.equals(OutputLayout.sample(receipt, spec.sample().halvings()));
  }

  /** The receipt of the tokenizer; empty where it lies in another folder. */
  private String tokenizer() {
    return spec.kind() instanceof RunKind.FromShards
        ? ""
        : TokenizerPublication.path(layout, spec.tokenizer().fingerprint());
  }

  /** Not so a note that there was nothing to do, of a run that nobody goes on with. */
  private boolean isValid(String path, Map<String, String> outputs) throws IOException {
    UnitReceipt receipt;
    try {
      receipt = Receipts.read(layout.at(path));
    } catch (ShardException damaged) {
      return false; // its unit is made anew, and so is the receipt
    }
    if (receipt.stage().equals(TokenizerPublication.NAME) && !path.equals(tokenizer())) {
      return false; // another job has learned the same one, or another
    }
    for (WrittenFile file : receipt.files()) {
      boolean there =
          file.path().startsWith("run/")
              ? store.exists(layout.at(file.path()))
              : file.sha256().equals(outputs.get(file.path()));
      if (!there) {
        return false;
      }
    }
    return !locked
        || !receipt.files().isEmpty()
        || !receipt.inputs().isEmpty()
        || receipt.histogram() != null;
  }
}
