package org.merganser.output.figures;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums over the records of a range, a file or a corpus. In JSON its fields are next to those that
 * name what was summed.
 *
 * @param records the number of all records: documents + validation documents + dead letters +
 *     duplicates + excluded + test split + blank
 * @param documents the documents for training; one that was cut into parts counts once
 * @param validation the documents for validation, with their bytes and ids
 * @param deadLetters the dead letters by reason, those found while encoding included
 * @param duplicates the documents that are left out because an earlier one has the same text
 * @param excluded the documents that are left out because the job names their ids; null, which is
 *     not written, for none
 * @param testSplit the documents that are left out because their records name a test split; null,
 *     which is not written, for none
 * @param blank the records without content
 * @param textBytes the bytes of the documents for training
 * @param rawBytes the uncompressed bytes that were read, separators included
 * @param tokens the ids of the documents for training
 * @param lossTokens the ids of the documents for training with a 1 in their loss mask; null, which
 *     is not written, for documents without one
 * @param marks the documents for training that begin and end with the ids for that purpose; null,
 *     which is not written, without these ids
 */
public record RecordSums(
    long records,
    long documents,
    GroupCounts validation,
    SortedMap<String, Long> deadLetters,
    long duplicates,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long excluded,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long testSplit,
    long blank,
    long textBytes,
    long rawBytes,
    long tokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long lossTokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DocumentMarks marks) {
  /** The sums over no records. */
  public static final RecordSums ZERO =
      new RecordSums(
          0, 0, GroupCounts.ZERO, new TreeMap<>(), 0, null, null, 0, 0, 0, 0, null, null);

  /** Replaces a count of 0 by null, so that it is not written. */
  public RecordSums {
    excluded = excluded == null || excluded == 0 ? null : excluded;
    testSplit = testSplit == null || testSplit == 0 ? null : testSplit;
    deadLetters = Collections.unmodifiableSortedMap(new TreeMap<>(deadLetters));
  }

  /** The number of dead letters of all reasons. */
  public long dead() {
    return sum(deadLetters);
  }

  /** The number of dead letters of all reasons in these counts. */
  public static long sum(SortedMap<String, Long> deadLetters) {
    return deadLetters.values().stream().reduce(0L, Math::addExact);
  }

  /** {@link #excluded}, 0 for none. */
  public long leftOutById() {
    return excluded == null ? 0 : excluded;
  }

  /** {@link #testSplit}, 0 for none. */
  public long leftOutAsTest() {
    return testSplit == null ? 0 : testSplit;
  }

  /** The documents for training, with their bytes and ids. */
  public GroupCounts training() {
    return new GroupCounts(documents, textBytes, tokens);
  }

  /**
   * The sums of reading the kept documents alone, for training and for validation, as if there were
   * no other records.
   *
   * @param newRawBytes the {@link #rawBytes} of that reading
   */
  public RecordSums ofKeptDocuments(long newRawBytes) {
    long none = 0;
    SortedMap<String, Long> noDeadLetters = new TreeMap<>();
    return new RecordSums(
        Math.addExact(documents, validation.documents()),
        documents,
        validation,
        noDeadLetters,
        none, // duplicates
        none, // excluded
        none, // test split
        none, // blank
        textBytes,
        newRawBytes,
        tokens,
        lossTokens,
        marks);
  }

  /** The sums over the records of both. */
  public RecordSums plus(RecordSums more) {
    SortedMap<String, Long> dead = new TreeMap<>(deadLetters);
    more.deadLetters.forEach((reason, count) -> dead.merge(reason, count, Math::addExact));
    return new RecordSums(
        Math.addExact(records, more.records),
        Math.addExact(documents, more.documents),
        validation.plus(more.validation),
        dead,
        Math.addExact(duplicates, more.duplicates),
        Math.addExact(leftOutById(), more.leftOutById()),
        Math.addExact(leftOutAsTest(), more.leftOutAsTest()),
        Math.addExact(blank, more.blank),
        Math.addExact(textBytes, more.textBytes),
        Math.addExact(rawBytes, more.rawBytes),
        Math.addExact(tokens, more.tokens),
        sumOrNull(lossTokens, more.lossTokens),
        DocumentMarks.sum(marks, more.marks));
  }

  /** The sum of two counts, of which null counts as 0; null if both are. */
  private static @Nullable Long sumOrNull(@Nullable Long a, @Nullable Long b) {
    if (a == null) {
      return b;
    }
    return b == null ? a : (Long) Math.addExact(a, b);
  }

  /** The records in all other sums; equals {@link #records} if none was dropped. */
  public long accountedFor() {
    long encoded = Math.addExact(documents, validation.documents());
    long leftOut = Math.addExact(duplicates, Math.addExact(leftOutById(), leftOutAsTest()));
    return Math.addExact(Math.addExact(encoded, dead()), Math.addExact(leftOut, blank));
  }
}
