package org.merganser.output.manifest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.TreeMap;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;

/**
 * The sums over all inputs of a run.
 *
 * @param storedBytes the bytes that were read, as stored
 */
public record Totals(long files, long storedBytes, @JsonUnwrapped RecordSums sums) {
  public static final Totals ZERO = new Totals(0, 0, RecordSums.ZERO);

  /** The sums plus those of a range; a file is counted with the range of its first byte. */
  public Totals plus(InputRange range) {
    int begun = range.start() == 0 ? 1 : 0;
    return plus(new Totals(begun, range.end() - range.start(), range.sums()));
  }

  /** The sums plus others. */
  public Totals plus(Totals more) {
    return new Totals(
        files + more.files, Math.addExact(storedBytes, more.storedBytes), sums.plus(more.sums));
  }

  /**
   * What a run reads that continues from shards with these totals: their manifest, as a file with
   * all of their documents.
   *
   * @param manifest the path of the manifest
   * @param size the size of the manifest
   */
  public InputRange ofShards(String manifest, long size, String sha256) {
    RecordSums read =
        new RecordSums(
            /* records= */ Math.addExact(sums.documents(), sums.validation().documents()),
            sums.documents(),
            sums.validation(),
            /* deadLetters= */ new TreeMap<>(),
            /* duplicates= */ 0,
            /* excluded= */ null,
            /* testSplit= */ null,
            /* blank= */ 0,
            sums.textBytes(),
            /* rawBytes= */ size,
            sums.tokens(),
            sums.lossTokens(),
            sums.marks());
    return new InputRange(manifest, 0, size, size, sha256, null, null, read);
  }
}
