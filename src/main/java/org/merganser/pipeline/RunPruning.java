package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.merganser.corpus.WorkUnit;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.parquet.ShardException;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OwnFiles;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.train.CountingUnit;
import org.merganser.store.FileStore;

/**
 * Deletes what earlier jobs left below {@code run} and no job can use again. For a run that has
 * written its manifest and swept the output, so that the files there are those of the list of
 * outputs:
 *
 * <ul>
 *   <li>what was set aside of shards that are not there any more: rows to shuffle, counts to learn
 *       from;
 *   <li>receipts that name an output file that isn't there, or is not what they say: they were
 *       never valid again; their histograms and samples, and such without a receipt; samples of
 *       another size;
 *   <li>receipts of other tokenizers than the one that is there;
 *   <li>pretokens of units that were counted and not encoded from them;
 *   <li>plans but for those of this run, which are written anew by each run; lists of duplicates of
 *       other plans; merged counts of other vocabularies, which are made from those of the units;
 *   <li>counts, sums and hashes of units that are not in the corpus (any more).
 * </ul>
 *
 * <p>What the run itself or one that goes on with it uses is never touched, so it may be cut short
 * at any instant: the next run that finishes deletes the rest. Nobody relies on what is deleted:
 * whoever does not find a receipt makes its files anew.
 */
final class RunPruning {
  private static final String UNITS = "run/units";

  private final PreparedRun run;
  private final OutputLayout layout;
  private final FileStore store;
  private final boolean deduplicates;

  /** Whether nobody else can be about to read what is small and made anew by each run. */
  private final boolean locked;

  private final Map<String, WrittenFile> outputs = new HashMap<>();

  private RunPruning(PreparedRun run, List<WrittenFile> outputs) {
    this.run = run;
    this.layout = run.spec().layout();
    this.store = FileStore.of(layout.root());
    this.locked = FileStore.isLocal(layout.root());
    Job.Corpus corpus = run.spec().job().corpus();
    this.deduplicates = corpus != null && corpus.choice().deduplicate() != Job.Deduplicate.NONE;
    outputs.forEach(file -> this.outputs.put(file.path(), file));
  }

  /**
   * Prunes the folder of a run that has finished.
   *
   * @param outputs all files of its list
   */
  static void prune(PreparedRun run, List<WrittenFile> outputs) throws IOException {
    RunPruning pruning = new RunPruning(run, outputs);
    pruning.madeFromShards();
    pruning.receipts();
    pruning.tokenizers();
    pruning.plans();
    pruning.units();
  }

  /** What was set aside of shards on the way to what is made from them. */
  private void madeFromShards() throws IOException {
    List<OutputLayout> shards =
        run.spec().kind() instanceof RunKind.FromShards from ? from.earlier() : List.of(layout);
    Set<String> there = new HashSet<>();
    for (ShardSet unit : FinishedOutput.shards(shards)) {
      for (ShardSet side : List.of(unit, unit.training(), unit.validation())) {
        there.add(side.fingerprint());
        side.byGroup().forEach(group -> there.add(group.fingerprint()));
      }
    }
    for (String folder : List.of("run/shuffle", "run/learned")) {
      delete(folder, path -> third(path).indexOf('-') > 0 && !there.contains(begin(path)));
    }
    if (locked) { // each run writes these anew
      delete("run/ids", path -> true);
      delete("run/shuffle", path -> third(path).endsWith(".json"));
      delete("run/merge", path -> true);
    }
  }

  private void receipts() throws IOException {
    Set<String> kept = new HashSet<>();
    List<String> figures = new ArrayList<>();
    for (String path : list(UNITS)) {
      if (!path.endsWith(".json")) {
        figures.add(path);
      } else {
        List<WrittenFile> files = files(path);
        boolean valid = !files.isEmpty() || !locked || saysSomething(path);
        for (WrittenFile file : files) {
          valid = valid && isThere(file);
        }
        if (valid) {
          kept.add(path);
        } else {
          store.delete(layout.at(path));
        }
      }
    }
    for (String path : figures) {
      String receipt = path.replaceFirst("[^.]+$", "json");
      if (!kept.contains(receipt) || isOtherSample(path, receipt)) {
        store.delete(layout.at(path));
      }
    }
  }

  private boolean isOtherSample(String path, String receipt) {
    return run.spec().measures()
        && path.contains(".sample")
        && !path.equals(OutputLayout.sample(receipt, run.spec().sample().halvings()));
  }

  /** Whether a receipt without files is more than a note that there was nothing to do. */
  private boolean saysSomething(String path) throws IOException {
    try {
      UnitReceipt receipt = Receipts.read(layout.at(path));
      return !receipt.inputs().isEmpty() || receipt.histogram() != null;
    } catch (ShardException damaged) {
      return false;
    }
  }

  /** None where the receipt says nothing: its unit is made anew, and so is the receipt. */
  private List<WrittenFile> files(String path) throws IOException {
    try {
      return Receipts.filesOf(layout.at(path));
    } catch (ShardException damaged) {
      return List.of();
    }
  }

  private boolean isThere(WrittenFile file) throws IOException {
    if (file.path().startsWith("run/")) {
      return store.exists(layout.at(file.path()));
    }
    WrittenFile now = outputs.get(file.path());
    return now != null && now.size() == file.size() && now.sha256().equals(file.sha256());
  }

  private void tokenizers() throws IOException {
    if (!(run.spec().kind() instanceof RunKind.FromShards)) {
      String own = layout.tokenizerReceipt(run.spec().tokenizer().fingerprint());
      delete("run/tokenizer", path -> !path.equals(own));
    }
  }

  private void plans() throws IOException {
    Set<String> own = new HashSet<>();
    Set<String> duplicates = new HashSet<>();
    for (String plan : run.spec().plans()) {
      own.add(plan);
      if (deduplicates) {
        duplicates.add(FindDuplicates.list(run.spec(), plan));
      }
    }
    delete(OutputLayout.SEQUENCES, path -> true);
    delete("run/plan", path -> !own.contains(layout.at(path)));
    delete("run/duplicates", path -> !duplicates.contains(layout.at(path)));
  }

  /** Only where the whole corpus is known: a tokenizer that is there has hidden what it read. */
  private void units() throws IOException {
    Job job = run.spec().job();
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    boolean known =
        !run.units().isEmpty()
            && (train == null
                || train.sample().inputs().isEmpty()
                || !run.trainingUnits().isEmpty());
    if (!known) {
      return;
    }
    Set<String> units = new HashSet<>();
    Set<String> hashes = new HashSet<>();
    for (List<WorkUnit> plan : List.of(run.units(), run.trainingUnits())) {
      for (WorkUnit unit : plan) {
        units.add(Fingerprint.of(unit));
        if (deduplicates) {
          hashes.add(FindDuplicates.hashes(run.spec(), unit));
        }
      }
    }
    delete("run/read", path -> !units.contains(begin(path)));
    if (deduplicates) {
      delete("run/texts", path -> !hashes.contains(layout.at(path)));
    }
    if (train != null) {
      String merged = "run/counts/" + run.spec().tokenizer().fingerprint() + "/";
      Set<String> counting = countingUnits();
      delete(
          "run/counts",
          path -> isMerged(path) ? !path.startsWith(merged) : !counting.contains(begin(path)));
    }
  }

  private Set<String> countingUnits() {
    Set<String> fingerprints = new HashSet<>();
    // A run that found its tokenizer counted nothing, so its spec does not say how it would.
    List<WorkUnit> counted = run.trainingUnits().isEmpty() ? run.units() : run.trainingUnits();
    CountingUnit.of(counted).forEach(unit -> fingerprints.add(Fingerprint.of(unit.units())));
    return fingerprints;
  }

  private static boolean isMerged(String path) {
    return path.startsWith("merged-", path.lastIndexOf('/') + 1);
  }

  private static String third(String path) {
    return path.split("/", 4)[2];
  }

  /** The fingerprint that the third name of a path begins with. */
  private static String begin(String path) {
    String name = third(path);
    return name.substring(0, Math.min(name.length(), Fingerprint.LENGTH));
  }

  private void delete(String folder, Predicate<String> useless) throws IOException {
    for (String path : list(folder)) {
      if (useless.test(path)) {
        store.delete(layout.at(path));
      }
    }
  }

  private List<String> list(String folder) throws IOException {
    return OwnFiles.list(layout, folder);
  }
}
