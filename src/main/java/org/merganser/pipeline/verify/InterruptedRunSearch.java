package org.merganser.pipeline.verify;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.message.Plural;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.count.CountingUnit;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.pipeline.verify.VerificationReport.MissingUnit;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.UnusableFileException;

/**
 * Finds the finished and the missing work of an interrupted run from the files that prove it:
 * counts, receipts of units, and the receipt of the tokenizer.
 */
public final class InterruptedRunSearch {
  /** Stages in receipts that have a phrase of their own in {@link InterruptedRun#done}. */
  private static final Set<String> WITH_PHRASE =
      Set.of(Stage.COUNT.label(), TokenizerPublication.NAME);

  private final RunPaths paths;
  private final RunRecord record;

  /** Whether every byte of the files is read and compared, not only their sizes. */
  private final boolean full;

  // The components of InterruptedRun.

  private final List<MissingUnit> missing = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private final Set<String> vouched = new TreeSet<>();

  private InterruptedRunSearch(RunPaths paths, RunRecord record, boolean full) {
    this.paths = paths;
    this.record = record;
    this.full = full;
  }

  /**
   * Finds the work. The phrases come in this order: unreadable receipts, the tokenizer, the units
   * that were counted or encoded, and the other stages.
   *
   * @param paths of the run, with its stage if it has one
   * @param record of the run
   * @param full whether every byte of the files is read and compared, not only their sizes
   */
  public static InterruptedRun find(RunPaths paths, RunRecord record, boolean full)
      throws IOException {
    return new InterruptedRunSearch(paths, record, full).search();
  }

  private InterruptedRun search() throws IOException {
    List<UnitReceipt> receipts = readReceipts();
    boolean hasTokenizer = TokenizerPublication.find(paths, record.tokenizerFingerprint()) != null;
    noteTokenizer(hasTokenizer, receipts);
    if (record.plan() != null) {
      noteEncoded(readUnits(record.plan()), receipts, hasTokenizer);
    }
    noteOtherStages(receipts);
    return new InterruptedRun(missing, done, vouched);
  }

  /**
   * Notes whether there is a tokenizer; if it is to be learned, also the units that were counted.
   */
  private void noteTokenizer(boolean hasTokenizer, List<UnitReceipt> receipts) throws IOException {
    if (hasTokenizer) {
      done.add("tokenizer: there");
    } else if (record.trainingPlan() != null) {
      noteCounted(readUnits(record.trainingPlan()), receipts);
      done.add("tokenizer: not yet learned");
    } else {
      done.add("tokenizer: not there");
    }
  }

  /** The units of a plan; empty if its file is missing or damaged. */
  private List<WorkUnit> readUnits(String plan) throws IOException {
    String location = paths.at(plan);
    return ChecksummedFile.isWhole(location) ? PlanFile.units(location) : List.of();
  }

  /** Notes the units that were counted; a counting unit has the receipt of its first work unit. */
  private void noteCounted(List<WorkUnit> units, List<UnitReceipt> receipts) {
    BitSet counted = new BitSet();
    for (UnitReceipt receipt : receipts) {
      if (receipt.stage().equals(Stage.COUNT.label())) {
        counted.set(receipt.unit());
      }
    }
    for (CountingUnit counting : CountingUnit.of(units)) {
      if (counted.get(counting.number())) {
        counting.units().forEach(unit -> counted.set(unit.number()));
      }
    }
    note("count", units, counted);
  }

  /** Notes the units that were encoded; without the tokenizer, all have to be encoded again. */
  private void noteEncoded(List<WorkUnit> units, List<UnitReceipt> receipts, boolean hasTokenizer) {
    String stage = record.hasShards() ? UnitReceipt.ENCODE : UnitReceipt.COUNT_TOKENS;
    BitSet encoded = new BitSet();
    for (UnitReceipt receipt : receipts) {
      if (hasTokenizer
          && receipt.stage().equals(stage)
          && receipt.unit() < units.size()
          && EncodedUnits.isOf(receipt, units.get(receipt.unit()))) {
        encoded.set(receipt.unit());
      }
    }
    note(record.hasShards() ? "encode" : "count tokens", units, encoded);
  }

  /** Notes the number of receipts of each stage that has no phrase of its own. */
  private void noteOtherStages(List<UnitReceipt> receipts) {
    Map<String, Integer> units = new TreeMap<>();
    for (UnitReceipt receipt : receipts) {
      if (!receipt.accountsForRecords() && !WITH_PHRASE.contains(receipt.stage())) {
        units.merge(receipt.stage(), 1, Integer::sum);
      }
    }
    units.forEach((stage, count) -> done.add(stage + ": " + Plural.of(count, "unit") + " done"));
  }

  /** Adds the units that are not finished to those missing, and a phrase about the others. */
  private void note(String stage, List<WorkUnit> units, BitSet finished) {
    int finishedUnits = 0;
    for (WorkUnit unit : units) {
      if (finished.get(unit.number())) {
        finishedUnits++;
      } else {
        List<String> files = unit.ranges().stream().map(FileRange::phrase).toList();
        missing.add(new MissingUnit(stage, unit.number(), files));
      }
    }
    done.add(stage + ": " + finishedUnits + " of " + Plural.of(units.size(), "unit") + " done");
  }

  /**
   * Reads the valid receipts, and adds their files to {@link #vouched}; notes an unreadable one.
   */
  private List<UnitReceipt> readReceipts() throws IOException {
    List<UnitReceipt> receipts = new ArrayList<>();
    for (String path : OutputListing.list(paths.root(), OutputPaths.UNITS)) {
      if (!path.endsWith(".json")) {
        continue;
      }
      try {
        UnitReceipt receipt = Receipts.read(paths.at(path));
        if (isValid(receipt)) {
          receipts.add(receipt);
          receipt.files().forEach(file -> vouched.add(file.path()));
        }
      } catch (UnusableFileException | FileSystemException damaged) {
        done.add("an unreadable receipt: " + damaged.getMessage());
      }
    }
    return receipts;
  }

  /**
   * Whether all files of a receipt exist, in the stage or in place: with their bytes in a full
   * search, else with their sizes.
   */
  private boolean isValid(UnitReceipt receipt) throws IOException {
    for (WrittenFile file : receipt.files()) {
      boolean exists =
          full
              ? Receipts.isWritten(paths, file)
              : Receipts.isPresent(paths, file) || Receipts.isPresent(paths.output(), file);
      if (!exists) {
        return false;
      }
    }
    return true;
  }
}
