package org.merganser.pipeline.count;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.store.FileStore;

/**
 * The receipts of the first reading of work units, which counting writes: for each range of a unit,
 * the sha256 and the counts of what was read. By the sha256 the encoding pass detects a file that
 * changed but kept its size and modification time. A run that only learns sums its dead letters
 * from these receipts.
 */
public final class FirstReadingReceipts {
  /** The stage in the receipts. */
  private static final String STAGE = "read";

  private FirstReadingReceipts() {}

  /**
   * Writes the receipt of a unit that was counted.
   *
   * @param ranges the counts of the unit's ranges, in order
   * @param files receives the receipt, which is published with the table of counts
   */
  static void write(FileLocations paths, WorkUnit unit, List<InputRange> ranges, UnitFiles files)
      throws IOException {
    UnitReceipt read =
        UnitReceipt.ofInputs(STAGE, unit.number(), ranges, sha256OfBegunFile(paths, unit));
    files.write(path(unit), read.toFile());
  }

  /**
   * The sha256 of the complete file that begins in the unit and continues in the next; null for
   * none.
   *
   * <p>If no receipt has it, the file is read again for it: units are read in any order, by any
   * worker, and a sha256 needs the bytes from the first to the last, so those of ranges cannot be
   * combined.
   */
  public static @Nullable String sha256OfBegunFile(FileLocations paths, WorkUnit unit)
      throws IOException {
    InputFile file = unit.continuedFile();
    if (file == null) {
      return null;
    }
    UnitReceipt counted = find(paths, unit);
    String sha256 = counted == null ? null : counted.whole();
    return sha256 == null ? FileStore.sha256(file.location()) : sha256;
  }

  /** The receipt of a unit; null if the unit was not counted, or the receipt is damaged. */
  public static @Nullable UnitReceipt find(FileLocations paths, WorkUnit unit) throws IOException {
    return Receipts.findReadable(paths.at(path(unit)));
  }

  /**
   * The receipt of a unit that was counted.
   *
   * @throws IOException if it is missing or damaged
   */
  public static UnitReceipt read(FileLocations paths, WorkUnit unit) throws IOException {
    return Receipts.read(paths.at(path(unit)));
  }

  /**
   * Checks that the ranges read now are those that were counted, if they were counted.
   *
   * @param sha256s of the ranges of the unit, in order
   * @throws RunException naming the first file that differs
   */
  public static void requireUnchanged(FileLocations paths, WorkUnit unit, List<String> sha256s)
      throws IOException {
    UnitReceipt receipt = find(paths, unit);
    if (receipt == null) {
      return;
    }
    List<String> counted = receipt.inputs().stream().map(InputRange::sha256).toList();
    for (int i = 0; i < sha256s.size(); i++) {
      if (i >= counted.size() || !counted.get(i).equals(sha256s.get(i))) {
        throw changed(unit.ranges().get(i));
      }
    }
  }

  /** The error for a file whose bytes changed between counting and encoding. */
  static RunException changed(FileRange range) {
    return RunException.changed(
        "corpus file %s: its bytes are not those that were counted for the vocabulary, though size"
            + " and modification time are the same; touch it and run again, and both passes read"
            + " it again",
        range.file().location());
  }

  /** The path of the receipt of a unit, relative to the output folder. */
  private static String path(WorkUnit unit) {
    return OutputPaths.firstReading(Fingerprint.of(unit));
  }
}
