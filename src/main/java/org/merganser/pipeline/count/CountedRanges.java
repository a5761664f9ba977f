package org.merganser.pipeline.count;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeSum;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ForwardingDocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.RunException;

/**
 * Passes the documents, dead letters and ranges of a unit that was counted before to a handler. A
 * range whose bytes have the CRC-32C of counting receives the SHA-256 that counting computed, so
 * the unit can be read by {@code UnitReader.readAgain}: computing a SHA-256 takes half a CPU second
 * for each GiB.
 */
public final class CountedRanges extends ForwardingDocumentHandler {
  private final List<RangeSum> counted;

  /** The index of the range that is read now. */
  private int current;

  private CountedRanges(List<RangeSum> counted, DocumentHandler handler) {
    super(handler);
    this.counted = counted;
  }

  /**
   * The handler to which a unit is read instead of {@code handler}.
   *
   * @return null if no receipt of counting fits the unit, or if it has no CRC-32C, as of an older
   *     version of the program
   */
  public static @Nullable CountedRanges of(
      FileLocations paths, WorkUnit unit, DocumentHandler handler) throws IOException {
    UnitReceipt noted = FirstReadingReceipts.find(paths, unit);
    if (noted == null || noted.inputs().size() != unit.ranges().size()) {
      return null;
    }
    List<RangeSum> sums = noted.inputs().stream().map(InputRange::checksums).toList();
    return sums.stream().anyMatch(sum -> sum.crc32c() == null)
        ? null
        : new CountedRanges(sums, handler);
  }

  /**
   * Passes on the counts of a range, with the checksums of counting.
   *
   * @throws RunException if the bytes are not those that were counted
   */
  @Override
  public void rangeRead(RangeReceipt read) throws IOException {
    RangeSum known = counted.get(current);
    current++;
    if (!Objects.equals(known.crc32c(), read.sum().crc32c())) {
      throw FirstReadingReceipts.changed(read.range());
    }
    super.rangeRead(
        new RangeReceipt(
            read.range(),
            read.records(),
            read.documents(),
            read.deadLetters(),
            read.blank(),
            read.textBytes(),
            read.rawBytes(),
            known));
  }
}
