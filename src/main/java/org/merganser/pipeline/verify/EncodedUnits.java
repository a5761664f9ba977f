package org.merganser.pipeline.verify;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.merganser.corpus.WorkUnit;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.Receipts;

/**
 * Finds out which units of a plan were encoded, by their receipts. A receipt belongs to the unit
 * that reads the same ranges: the fingerprint of the unit may not be known before training.
 */
public final class EncodedUnits {
  /** What a unit reads of a file of a certain size. */
  private record Extent(String path, long start, long end, long size) {}

  private EncodedUnits() {}

  /**
   * The units without a valid receipt of encoding.
   *
   * @param inPlace whether files in place count, besides those in the stage of the run
   */
  public static List<WorkUnit> withoutReceipt(RunPaths paths, List<WorkUnit> units, boolean inPlace)
      throws IOException {
    Set<List<Extent>> done = new HashSet<>();
    for (String path : OutputListing.list(paths.root(), OutputPaths.UNITS)) {
      boolean isReceipt = OutputFile.of(path) == OutputFile.RECEIPT_OF_UNIT;
      UnitReceipt receipt = isReceipt ? Receipts.findReadable(paths.at(path)) : null;
      if (receipt != null && receipt.accountsForRecords() && isThere(paths, receipt, inPlace)) {
        done.add(extents(receipt));
      }
    }
    return units.stream().filter(unit -> !done.contains(extents(unit))).toList();
  }

  /** Whether a receipt is that of a unit: whether it has read the same ranges of the same files. */
  static boolean isOf(UnitReceipt receipt, WorkUnit unit) {
    return extents(receipt).equals(extents(unit));
  }

  /**
   * Whether all files of a receipt exist with their sizes.
   *
   * @param inPlace whether files in place count, besides those in the stage of the run
   */
  private static boolean isThere(RunPaths paths, UnitReceipt receipt, boolean inPlace)
      throws IOException {
    for (WrittenFile file : receipt.files()) {
      boolean isInPlace = inPlace && Receipts.isPresent(paths.output(), file);
      if (!isInPlace && !isInStage(paths, file)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isInStage(RunPaths paths, WrittenFile file) throws IOException {
    return paths.waitsInStage(file.path()) && Receipts.isPresent(paths, file);
  }

  /** What the unit of a receipt has read. */
  private static List<Extent> extents(UnitReceipt receipt) {
    return receipt.inputs().stream()
        .map(range -> new Extent(range.path(), range.start(), range.end(), range.size()))
        .toList();
  }

  /** What a unit reads. */
  private static List<Extent> extents(WorkUnit unit) {
    return unit.ranges().stream()
        .map(
            range ->
                new Extent(range.file().path(), range.start(), range.end(), range.file().size()))
        .toList();
  }
}
