package org.merganser.pipeline.finish;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
import org.merganser.pipeline.select.DuplicateFiles;
import org.merganser.pipeline.select.TextHashFiles;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.store.FileStore;

/**
 * Finds the files below {@code run} that no later run can use; the commit of the run deletes them.
 * A name in a folder below {@code run} begins with the fingerprint of its source: a unit, shards, a
 * plan or a vocabulary. Files are unused if this run does not use their fingerprint and their name
 * is one of the table. So are receipts whose files are missing or changed, begun receipts, and
 * samples without a receipt. Work comes before the receipts that list it.
 *
 * <p>No job depends on an unused file: a job that does not find a receipt writes the files of that
 * receipt again.
 */
final class UnusedFiles {
  /** The folders below {@code run} of what was read, hashed and counted of units. */
  private static final String READ = "read";

  private static final String TEXTS = "texts";
  private static final String COUNTS = "counts";

  private final PreparedRun run;
  private final RunSpec spec;
  private final OutputPaths paths;

  /** The files of the version that the run makes. */
  private final List<WrittenFile> outputs;

  /**
   * Whether the folder is local and so locked: no other run can be reading the files that are
   * deleted.
   */
  private final boolean locked;

  /** The fingerprints of the sources that the run uses. */
  private final Set<String> used = new HashSet<>();

  /** The folders below {@code run} in which nothing is unused, or in which that is not known. */
  private final Set<String> leftAlone = new HashSet<>(Set.of("units", "workers"));

  /**
   * The parts of a path such as {@code run/counts/0123…-7.counts}.
   *
   * @param folder below {@code run}
   * @param fingerprint with which the name of the file, or of its folder, begins
   */
  private record WorkPath(String folder, String fingerprint) {
    static WorkPath of(String path) {
      String[] names = path.split("/", -1);
      String name = names[2];
      return new WorkPath(names[1], name.substring(0, Math.min(name.length(), Fingerprint.LENGTH)));
    }
  }

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
   * The paths of the unused files, in the order in which they are deleted.
   *
   * @param outputs of the version that the run makes
   */
  static List<String> unused(PreparedRun run, List<WrittenFile> outputs) throws IOException {
    UnusedFiles search = new UnusedFiles(run, outputs);
    search.useShards();
    search.usePlans();
    search.useUnits();
    Set<String> unused = new LinkedHashSet<>();
    for (String path : OutputListing.list(search.paths.root(), OutputPaths.RUN)) {
      if (search.isUnusedWork(path)) {
        unused.add(path);
      }
    }
    unused.addAll(search.unusedReceipts(unused));
    return List.copyOf(unused);
  }

  /** The run uses what was made of its shards. */
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

  /** The run uses its vocabulary, its plans and their duplicates. */
  private void usePlans() {
    if (!(spec.kind() instanceof RunKind.FromShards)) {
      used.add(spec.tokenizer().fingerprint());
    }
    for (String plan : spec.plans()) {
      use(plan);
      if (spec.job().deduplicates()) {
        use(DuplicateFiles.of(spec, plan).listLocation());
      }
    }
  }

  /** The run uses what was read and counted of its units, as far as it knows them. */
  private void useUnits() {
    Job job = spec.job();
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    boolean knowsTraining =
        train == null || train.inputs().isEmpty() || !run.trainingUnits().isEmpty();
    if (run.units().isEmpty() || !knowsTraining) {
      leftAlone.addAll(List.of(READ, TEXTS, COUNTS));
      return;
    }
    if (!spec.job().deduplicates()) {
      leftAlone.add(TEXTS);
    }
    if (train == null) {
      leftAlone.add(COUNTS);
    }
    for (List<WorkUnit> plan : List.of(run.units(), run.trainingUnits())) {
      for (WorkUnit unit : plan) {
        used.add(Fingerprint.of(unit));
        if (spec.job().deduplicates()) {
          use(TextHashFiles.of(spec).location(unit));
        }
      }
    }
    // A run that found its tokenizer counted nothing, so its spec lacks the way of counting.
    List<WorkUnit> counted = run.trainingUnits().isEmpty() ? run.units() : run.trainingUnits();
    CountingUnit.of(counted).forEach(unit -> used.add(Fingerprint.of(unit.units())));
  }

  /** The run uses all files with the fingerprint of the one at a location. */
  private void use(String location) {
    used.add(WorkPath.of(location.substring(paths.at("").length())).fingerprint());
  }

  /** Whether a path is that of work with a fingerprint that the run does not use. */
  private boolean isUnusedWork(String path) {
    OutputFile row = OutputFile.of(path);
    if (row == null || row.kind() != OutputFile.Kind.WORK) {
      return false;
    }
    WorkPath work = WorkPath.of(path);
    return !leftAlone.contains(work.folder()) && !used.contains(work.fingerprint());
  }

  /**
   * The invalid receipts, and the files beside receipts whose receipt is missing or invalid.
   *
   * @param unusedWork work that is deleted as well
   */
  private List<String> unusedReceipts(Set<String> unusedWork) throws IOException {
    Map<String, String> sums = new HashMap<>();
    outputs.forEach(file -> sums.put(file.path(), file.sha256()));
    Set<String> valid = new HashSet<>();
    List<String> unused = new ArrayList<>();
    List<String> found = OutputListing.list(paths.root(), OutputPaths.UNITS);
    for (String path : found) {
      if (OutputFile.of(path) == OutputFile.RECEIPT_OF_UNIT) {
        if (isValid(path, sums, unusedWork)) {
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
              && !valid.contains(receiptBeside(path));
      if (row == OutputFile.BEGUN || isOrphan) {
        unused.add(path);
      }
    }
    return unused;
  }

  /** The path of the receipt of a unit, from that of a file with another ending beside it. */
  private static String receiptBeside(String path) {
    return path.substring(0, path.lastIndexOf('.') + 1) + "json";
  }

  /**
   * Whether a receipt is readable and all its files exist; a receipt of another tokenizer is
   * invalid. In a locked folder, so is one that spares no later run any work.
   *
   * @param sums the sha256 of the files of the version, by path
   * @param unusedWork work that is deleted
   */
  private boolean isValid(String path, Map<String, String> sums, Set<String> unusedWork)
      throws IOException {
    FileStore store = FileStore.of(paths.root());
    UnitReceipt receipt = Receipts.findReadable(paths.at(path));
    if (receipt == null) {
      return false; // its unit is processed again, which writes the receipt again
    }
    if (receipt.stage().equals(TokenizerPublication.NAME) && !path.equals(tokenizerReceipt())) {
      return false; // of the tokenizer of another job
    }
    for (WrittenFile file : receipt.files()) {
      boolean exists =
          file.path().startsWith(OutputFile.RUN_FOLDER)
              ? !unusedWork.contains(file.path()) && store.exists(paths.at(file.path()))
              : file.sha256().equals(sums.get(file.path()));
      if (!exists) {
        return false;
      }
    }
    return !locked || sparesWork(receipt);
  }

  /**
   * Whether a receipt lists a file, or has figures that a later run would have to compute again.
   */
  private static boolean sparesWork(UnitReceipt receipt) {
    return !receipt.files().isEmpty()
        || !receipt.inputs().isEmpty()
        || receipt.histogram() != null
        || receipt.lengths() != null;
  }

  /** The path of the tokenizer's receipt; null if the tokenizer is in another folder. */
  private @Nullable String tokenizerReceipt() {
    return spec.kind() instanceof RunKind.FromShards
        ? null
        : TokenizerPublication.path(paths, spec.tokenizer().fingerprint());
  }
}
