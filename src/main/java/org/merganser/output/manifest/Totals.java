package org.merganser.output.manifest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
        Math.addExact(files, more.files),
        Math.addExact(storedBytes, more.storedBytes),
        sums.plus(more.sums));
  }

  /**
   * The input range of a run that reads the shards with these totals in place of text. Its file is
   * their manifest; it counts all their documents as read and kept.
   *
   * @param manifest the path of the manifest
   * @param size the size of the manifest in bytes
   * @param sha256 the checksum of the manifest
   */
  public InputRange shardsAsInput(String manifest, long size, String sha256) {
    return InputRange.ofFile(manifest, size, sha256, sums.ofKeptDocuments(size));
  }
}
