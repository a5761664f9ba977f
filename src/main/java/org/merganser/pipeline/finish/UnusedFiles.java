package org.merganser.pipeline.finish;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.count.CountingUnit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.store.FileStore;

/**
 * Finds the files below {@code run} that no later run can use; the commit of the run deletes them.
 * A name in a folder below {@code run} begins with the fingerprint of its source: a unit, shards, a
 * plan or a vocabulary. Files are unused if this run does not use their fingerprint and their name
 * is one of the table. So are receipts whose files are missing or changed, and samples without a
 * receipt. Work comes before the receipts that list it.
 *
 * <p>No job depends on an unused file: a job that does not find a receipt writes the files of that
 * receipt again.
 */
final class UnusedFiles {
  private final PreparedRun run;
  private final RunSpec spec;
  private final OutputPaths paths;

  /** The files that the run will have published. */
  private final List<WrittenFile> outputs;

  /**
   * Whether the folder is local and so locked: no other run can read files while they are written
   * again.
   */
  private final boolean locked;

  private final Set<String> used = new HashSet<>();

  private final Set<String> leftAlone = new HashSet<>(Set.of("units", "workers"));

  private UnusedFiles(PreparedRun run, List<WrittenFile> outputs) {
    this.run = run;
    this.spec = run.spec();
    this.paths = spec.paths().output();
    this.outputs = outputs;
    this.locked = FileStore.isLocal(paths.root());
    if (!locked) {
      leftAlone.addAll(OutputPaths.WRITTEN_BY_EACH_RUN);
    }
  }

  /**
   * The paths of the unused files, in the order in which they go.
   *
   * @param outputs of the version that the run makes
   */
  static List<String> unused(PreparedRun run, List<WrittenFile> outputs) throws IOException {
    UnusedFiles pruning = new UnusedFiles(run, outputs);
    pruning.useShards();
    pruning.usePlans();
    pruning.useUnits();
    Set<String> unused = new LinkedHashSet<>();
    for (String path : OutputListing.list(pruning.paths.root(), "run")) {
      if (pruning.isUnusedWork(path)) {
        unused.add(path);
      }
    }
    unused.addAll(pruning.unusedReceipts(unused));
    return List.copyOf(unused);
  }

  private void useShards() throws IOException {
    List<ShardSet> shards =
        spec.kind() instanceof RunKind.FromShards from
            ? FinishedOutput.shardsOfAll(from.earlier())
            : FinishedOutput.at(paths).shards(outputs);
    for (ShardSet unit : shards) {
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
        use(FindDuplicates.listLocation(spec, plan));
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
          use(FindDuplicates.hashesLocation(spec, unit));
        }
      }
    }
    // A run that found its tokenizer counted nothing, so its spec lacks the way of counting.
    List<WorkUnit> counted = run.trainingUnits().isEmpty() ? run.units() : run.trainingUnits();
    CountingUnit.of(counted).forEach(unit -> used.add(Fingerprint.of(unit.units())));
  }

  private void use(String location) {
    used.add(fingerprint(location.substring(paths.at("").length()).split("/")));
  }

  private static String fingerprint(String[] names) {
    return names[2].substring(0, Math.min(names[2].length(), Fingerprint.LENGTH));
  }

  private boolean isUnusedWork(String path) {
    String[] names = path.split("/");
    OutputFile row = OutputFile.of(path);
    return row != null
        && row.kind() == OutputFile.Kind.WORK
        && !leftAlone.contains(names[1])
        && !used.contains(fingerprint(names));
  }

  /**
   * @param gone work that goes as well
   */
  private List<String> unusedReceipts(Set<String> gone) throws IOException {
    Map<String, String> written = new HashMap<>();
    outputs.forEach(file -> written.put(file.path(), file.sha256()));
    Set<String> valid = new HashSet<>();
    List<String> unused = new ArrayList<>();
    List<String> found = OutputListing.list(paths.root(), OutputPaths.UNITS);
    for (String path : found) {
      if (OutputFile.of(path) == OutputFile.RECEIPT_OF_UNIT) {
        if (isValid(path, written, gone)) {
          valid.add(path);
        } else {
          unused.add(path);
        }
      }
    }
    for (String path : found) {
      OutputFile row = OutputFile.of(path);
      boolean isOrphan =
          (row == OutputFile.SAMPLE || row == OutputFile.TEXTS)
              && !valid.contains(path.replaceFirst("[^.]+$", "json"));
      if (row == OutputFile.BEGUN || isOrphan) {
        unused.add(path);
      }
    }
    return unused;
  }

  /** The path of the tokenizer's receipt; empty if the tokenizer is in another folder. */
  private String tokenizer() {
    return spec.kind() instanceof RunKind.FromShards
        ? ""
        : TokenizerPublication.path(paths, spec.tokenizer().fingerprint());
  }

  /**
   * Whether a receipt is readable and all its files exist; a receipt of another tokenizer is
   * invalid. In a locked folder, so is a receipt without work.
   */
  private boolean isValid(String path, Map<String, String> written, Set<String> gone)
      throws IOException {
    FileStore store = FileStore.of(paths.root());
    UnitReceipt receipt = Receipts.readable(paths.at(path));
    if (receipt == null) {
      return false; // its unit is processed again, which writes the receipt again
    }
    if (receipt.stage().equals(TokenizerPublication.NAME) && !path.equals(tokenizer())) {
      return false; // another job has learned the same one, or another
    }
    for (WrittenFile file : receipt.files()) {
      boolean there =
          file.path().startsWith(OutputFile.RUN_FOLDER)
              ? !gone.contains(file.path()) && store.exists(paths.at(file.path()))
              : file.sha256().equals(written.get(file.path()));
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
