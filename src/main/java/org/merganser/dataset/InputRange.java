package org.merganser.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ShardException;

/**
 * The accounts of the bytes {@code [start, end)} of an input file.
 *
 * @param path of the file, relative to its root, with {@code /}
 * @param size of the whole file in bytes, as stored
 * @param sha256 of the stored bytes of the range, lower-case hex
 * @param validationInput true for a file that the job names for validation; null, which is not
 *     written, for any other
 * @param records all that the range holds: documents + validation documents + dead letters +
 *     duplicates + excluded + blank
 * @param documents encoded for training; a document that was cut into parts counts once
 * @param validation documents that were kept from training, with their bytes and ids
 * @param deadLetters by reason, those found while encoding included
 * @param duplicates left out: an earlier document has the same text
 * @param excluded left out: the job names their ids; null, which is not written, for none
 * @param blank records that hold nothing
 * @param textBytes of the documents for training
 * @param rawBytes uncompressed bytes that the range covered, separators included
 * @param tokens ids of the documents for training
 * @param lossTokens those of them that have a 1 in their loss mask; null, which is not written, for
 *     documents without one
 */
public record InputRange(
    String path,
    long start,
    long end,
    long size,
    String sha256,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean validationInput,
    long records,
    long documents,
    GroupCounts validation,
    SortedMap<String, Long> deadLetters,
    long duplicates,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long excluded,
    long blank,
    long textBytes,
    long rawBytes,
    long tokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long lossTokens) {
  public InputRange {
    excluded = noneAsNull(excluded);
    deadLetters = Collections.unmodifiableSortedMap(new TreeMap<>(deadLetters));
    if (start < 0 || start > end || end > size) {
      throw new ShardException(
          "input " + path + ": range [" + start + ", " + end + ") of " + size + " bytes");
    }
  }

  static @Nullable Long noneAsNull(@Nullable Long count) {
    return count == null || count == 0 ? null : count;
  }

  /** The count, or 0 for null. */
  public static long orNone(@Nullable Long count) {
    return count == null ? 0 : count;
  }

  /**
   * Checks that every record is accounted for.
   *
   * @throws ShardException naming the file, the range and the figures
   */
  public void check() {
    long dead = sum(deadLetters);
    long encoded = Math.addExact(documents, validation.documents());
    long leftOut = Math.addExact(duplicates, orNone(excluded));
    long found = Math.addExact(Math.addExact(encoded, dead), Math.addExact(leftOut, blank));
    if (records != found) {
      throw new ShardException(
          "input %s: of %s records, %s are accounted for; report this defect of the program: %s"
              .formatted(path, records, found, this));
    }
  }

  public static long sum(Map<String, Long> counts) {
    long sum = 0;
    for (long count : counts.values()) {
      sum = Math.addExact(sum, count);
    }
    return sum;
  }
}
