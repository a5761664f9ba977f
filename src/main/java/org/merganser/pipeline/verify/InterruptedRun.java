package org.merganser.pipeline.verify;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.message.Plural;
import org.merganser.output.OutputFile;
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
import org.merganser.store.CheckedFile;
import org.merganser.store.UnusableFileException;

/**
 * The finished and the missing work of an interrupted run, found from the files that prove it:
 * counts, receipts of units, and the receipt of the tokenizer.
 *
 * @param missing units whose work is missing
 * @param done phrases about the finished work of each stage, in order, and about unreadable
 *     receipts
 * @param vouched the paths that a valid receipt lists
 */
public record InterruptedRun(List<MissingUnit> missing, List<String> done, Set<String> vouched) {
  /** Stages in receipts that have a phrase of their own in {@link #done}. */
  private static final Set<String> WITH_PHRASE =
      Set.of(Stage.COUNT.label(), TokenizerPublication.NAME);

  /**
   * Finds the finished and the missing work of a run.
   *
   * @param full whether every byte of the files is read and compared, not only their sizes
   */
  public static InterruptedRun of(RunPaths paths, RunRecord record, boolean full)
      throws IOException {
    return new Search(paths, record, full).find();
  }

  /**
   * The units without a valid receipt of encoding. A receipt belongs to the unit that reads the
   * same ranges: the fingerprint of the unit may not be known before training.
   *
   * @param inPlace whether files in place count, besides those in the stage of the run
   */
  public static List<WorkUnit> withoutReceipt(RunPaths paths, List<WorkUnit> units, boolean inPlace)
      throws IOException {
    Set<List<Extent>> done = new HashSet<>();
    for (String path : OutputListing.list(paths.root(), OutputPaths.UNITS)) {
      boolean isReceipt = OutputFile.of(path) == OutputFile.RECEIPT_OF_UNIT;
      UnitReceipt receipt = isReceipt ? Receipts.readable(paths.at(path)) : null;
      if (receipt != null && receipt.accountsForRecords() && isThere(paths, receipt, inPlace)) {
        done.add(extents(receipt));
      }
    }
    return units.stream().filter(unit -> !done.contains(extents(unit))).toList();
  }

  /** The path of a range, with its bounds if it is not the complete file. */
  public static String phrase(FileRange range) {
    boolean isComplete = range.start() == 0 && range.end() == range.file().size();
    String path = range.file().path();
    return isComplete ? path : path + " [" + range.start() + ", " + range.end() + ")";
  }

  /** Whether all files of a receipt exist with their sizes. */
  private static boolean isThere(RunPaths paths, UnitReceipt receipt, boolean inPlace)
      throws IOException {
    for (WrittenFile file : receipt.files()) {
      boolean published = inPlace && Receipts.present(paths.output(), file);
      if (!published && !(paths.stages(file.path()) && Receipts.present(paths, file))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the receipt is that of the unit in this plan. */
  private static boolean isOf(UnitReceipt receipt, WorkUnit unit) {
    return extents(receipt).equals(extents(unit));
  }

  /** What a unit reads of a file of a certain size. */
  private record Extent(String path, long start, long end, long size) {}

  private static List<Extent> extents(UnitReceipt receipt) {
    return receipt.inputs().stream()
        .map(range -> new Extent(range.path(), range.start(), range.end(), range.size()))
        .toList();
  }

  private static List<Extent> extents(WorkUnit unit) {
    return unit.ranges().stream()
        .map(
            range ->
                new Extent(range.file().path(), range.start(), range.end(), range.file().size()))
        .toList();
  }

  /** One search for the work of a run; {@link #find} is called once. */
  private static final class Search {
    private final RunPaths paths;
    private final RunRecord record;
    private final boolean full;
    private final List<MissingUnit> missing = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Set<String> vouched = new TreeSet<>();

    Search(RunPaths paths, RunRecord record, boolean full) {
      this.paths = paths;
      this.record = record;
      this.full = full;
    }

    InterruptedRun find() throws IOException {
      List<UnitReceipt> receipts = receipts();
      boolean hasTokenizer =
          TokenizerPublication.find(paths, record.tokenizerFingerprint()) != null;
      if (hasTokenizer) {
        done.add("tokenizer: there");
      } else if (record.trainingPlan() != null) {
        noteCounted(units(record.trainingPlan()), receipts);
        done.add("tokenizer: not yet learned");
      } else {
        done.add("tokenizer: not there");
      }
      Map<String, Integer> others = new TreeMap<>();
      for (UnitReceipt receipt : receipts) {
        if (!receipt.accountsForRecords() && !WITH_PHRASE.contains(receipt.stage())) {
          others.merge(receipt.stage(), 1, Integer::sum);
        }
      }
      if (record.plan() != null) {
        noteEncoded(units(record.plan()), receipts, hasTokenizer);
      }
      others.forEach((stage, count) -> done.add(stage + ": " + Plural.of(count, "unit") + " done"));
      return new InterruptedRun(missing, done, vouched);
    }

    /** The units of a plan; empty if its file is missing or damaged. */
    private List<WorkUnit> units(String plan) throws IOException {
      String location = paths.at(plan);
      return CheckedFile.isWhole(location) ? PlanFile.units(location) : List.of();
    }

    /**
     * Notes the units that were counted; a counting unit has the receipt of its first work unit.
     */
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
    private void noteEncoded(
        List<WorkUnit> units, List<UnitReceipt> receipts, boolean hasTokenizer) {
      String stage = record.hasShards() ? UnitReceipt.ENCODE : UnitReceipt.COUNT_TOKENS;
      BitSet encoded = new BitSet();
      for (UnitReceipt receipt : receipts) {
        if (hasTokenizer
            && receipt.stage().equals(stage)
            && receipt.unit() < units.size()
            && isOf(receipt, units.get(receipt.unit()))) {
          encoded.set(receipt.unit());
        }
      }
      note(record.hasShards() ? "encode" : "count tokens", units, encoded);
    }

    /** Adds the units that are not finished to those missing, and a phrase about the others. */
    private void note(String stage, List<WorkUnit> units, BitSet finished) {
      int count = 0;
      for (WorkUnit unit : units) {
        if (finished.get(unit.number())) {
          count++;
        } else {
          List<String> files = unit.ranges().stream().map(InterruptedRun::phrase).toList();
          missing.add(new MissingUnit(stage, unit.number(), files));
        }
      }
      done.add(stage + ": " + count + " of " + Plural.of(units.size(), "unit") + " done");
    }

    /** The valid receipts, whose files are vouched for; an unreadable one is noted. */
    private List<UnitReceipt> receipts() throws IOException {
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

    /** Whether all files of a receipt exist, in the stage or in place. */
    private boolean isValid(UnitReceipt receipt) throws IOException {
      for (WrittenFile file : receipt.files()) {
        boolean exists =
            full
                ? Receipts.isThere(paths, file)
                : Receipts.present(paths, file) || Receipts.present(paths.output(), file);
        if (!exists) {
          return false;
        }
      }
      return true;
    }
  }
}
