package org.merganser.output.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.RangeReceipt;
import org.merganser.output.figures.RecordSums;
import org.merganser.store.UnusableFileException;

/**
 * The counts of the bytes {@code [start, end)} of an input file.
 *
 * @param path of the file, relative to its root, with {@code /}
 * @param size of the complete file in bytes, as stored
 * @param sha256 of the stored bytes of the range, lower-case hex
 * @param validationInput true for a file that the job names for validation; null, which is not
 *     written, for any other
 */
public record InputRange(
    String path,
    long start,
    long end,
    long size,
    String sha256,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean validationInput,
    @JsonUnwrapped RecordSums sums) {
  public InputRange {
    if (start < 0 || start > end || end > size) {
      throw new UnusableFileException(
          "input " + path + ": range [" + start + ", " + end + ") of " + size + " bytes");
    }
  }

  public static InputRange of(RangeReceipt read, RecordSums sums) {
    InputFile file = read.range().file();
    return new InputRange(
        file.path(),
        read.range().start(),
        read.range().end(),
        file.size(),
        read.sha256(),
        file.validation() ? true : null,
        sums);
  }

  /**
   * @throws UnusableFileException naming the file and the figures, if a record is not accounted for
   */
  public void check() {
    long found = sums.accountedFor();
    if (sums.records() != found) {
      throw new UnusableFileException(
          "input %s: of %s records, %s are accounted for; report this defect of the program: %s"
              .formatted(path, sums.records(), found, this));
    }
  }
}
