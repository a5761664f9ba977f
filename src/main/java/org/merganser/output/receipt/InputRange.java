package org.merganser.output.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeSum;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.RangeReceipt;
import org.merganser.output.figures.RecordSums;
import org.merganser.store.UnusableFileException;

/**
 * The counts of the bytes {@code [start, end)} of an input file.
 *
 * @param path the path of the file, relative to its root, with {@code /}
 * @param start the first byte of the range, as stored
 * @param end the byte after the range
 * @param size the size of the complete file in bytes, as stored
 * @param sha256 the sha256 of the stored bytes of the range, lower-case hex
 * @param crc32c the CRC-32C of the same bytes, eight hexadecimal digits, in the counts of a first
 *     reading; else null, and not written
 * @param validationInput true for a file that the job names for validation; else null, and not
 *     written
 * @param sums the sums over the records that begin in the range
 */
public record InputRange(
    String path,
    long start,
    long end,
    long size,
    String sha256,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String crc32c,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean validationInput,
    @JsonUnwrapped RecordSums sums) {
  /** Checks that the range is in the file. */
  public InputRange {
    if (start < 0 || start > end || end > size) {
      throw new UnusableFileException(
          "input " + path + ": range [" + start + ", " + end + ") of " + size + " bytes");
    }
  }

  /**
   * The counts of a range.
   *
   * @param read the range that was read, with its SHA-256
   * @param sums the sums over the records that begin in it
   */
  public static InputRange of(RangeReceipt read, RecordSums sums) {
    return of(read, null, sums);
  }

  /** The counts of a first reading, with the CRC-32C that later readings must have as well. */
  public static InputRange ofFirstReading(RangeReceipt read, RecordSums sums) {
    Integer crc32c = Objects.requireNonNull(read.sum().crc32c(), "the CRC-32C of a range");
    return of(read, HexFormat.of().toHexDigits(crc32c), sums);
  }

  /** The counts of a complete file for training that was read once, as one range. */
  public static InputRange ofFile(String path, long size, String sha256, RecordSums sums) {
    String notFirstReading = null;
    Boolean notForValidation = null;
    return new InputRange(path, 0, size, size, sha256, notFirstReading, notForValidation, sums);
  }

  private static InputRange of(RangeReceipt read, @Nullable String crc32c, RecordSums sums) {
    InputFile file = read.range().file();
    return new InputRange(
        file.path(),
        read.range().start(),
        read.range().end(),
        file.size(),
        Objects.requireNonNull(read.sum().sha256(), "the sha256 of a range"),
        crc32c,
        file.validation() ? true : null,
        sums);
  }

  /** The checksums of the range. */
  public RangeSum checksums() {
    return new RangeSum(sha256, crc32c == null ? null : HexFormat.fromHexDigits(crc32c));
  }

  /**
   * Requires that {@link RecordSums#records} is the sum of the counts by outcome.
   *
   * @throws UnusableFileException naming the file and the figures, if it is not
   */
  public void requireAllAccountedFor() {
    long found = sums.accountedFor();
    if (sums.records() != found) {
      throw new UnusableFileException(
          "input %s: of %s records, %s are accounted for; report this defect of the program: %s"
              .formatted(path, sums.records(), found, this));
    }
  }
}
