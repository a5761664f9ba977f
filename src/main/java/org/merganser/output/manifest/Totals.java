package org.merganser.output.manifest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;

/**
 * The sums over all inputs of a run.
 *
 * @param files the number of files
 * @param storedBytes the bytes that were read, as stored
 * @param sums the sums over the records
 */
public record Totals(long files, long storedBytes, @JsonUnwrapped RecordSums sums) {
  /** The sums over no inputs. */
  public static final Totals ZERO = new Totals(0, 0, RecordSums.ZERO);

  /** The sums plus those of a range; a file is counted with the range of its first byte. */
  public Totals plus(InputRange range) {
    int begunFiles = range.start() == 0 ? 1 : 0;
    return plus(new Totals(begunFiles, range.end() - range.start(), range.sums()));
  }

  /** The sums plus others. */
  public Totals plus(Totals more) {
    return new Totals(
        files + more.files, Math.addExact(storedBytes, more.storedBytes), sums.plus(more.sums));
  }

  /**
   * The shards with these totals as the input of a run that continues from them: their manifest, as
   * a file that has all of their documents, which were kept as they are.
   *
   * @param manifest the path of the manifest
   * @param size the size of the manifest in bytes
   * @param sha256 the checksum of the manifest
   */
  public InputRange shardsAsInput(String manifest, long size, String sha256) {
    long records = Math.addExact(sums.documents(), sums.validation().documents());
    SortedMap<String, Long> noDeadLetters = new TreeMap<>();
    long noDuplicates = 0;
    Long noneExcluded = null;
    Long noTestSplit = null;
    long noneBlank = 0;
    long rawBytes = size;
    RecordSums read =
        new RecordSums(
            records,
            sums.documents(),
            sums.validation(),
            noDeadLetters,
            noDuplicates,
            noneExcluded,
            noTestSplit,
            noneBlank,
            sums.textBytes(),
            rawBytes,
            sums.tokens(),
            sums.lossTokens(),
            sums.marks());
    String notFirstReading = null;
    Boolean notForValidation = null;
    return new InputRange(manifest, 0, size, size, sha256, notFirstReading, notForValidation, read);
  }
}
