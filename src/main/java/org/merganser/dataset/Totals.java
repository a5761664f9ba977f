package org.merganser.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums over all inputs of a run; the fields are those of {@link InputRange}. */
public record Totals(
    long files,
    long storedBytes,
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
  public static final Totals ZERO =
      new Totals(0, 0, 0, 0, GroupCounts.ZERO, new TreeMap<>(), 0, null, 0, 0, 0, 0, null);

  public Totals {
    excluded = InputRange.noneAsNull(excluded);
    deadLetters = Collections.unmodifiableSortedMap(new TreeMap<>(deadLetters));
  }

  /** The sums plus those of a range; a file is counted with the range that has its first byte. */
  public Totals plus(InputRange range) {
    SortedMap<String, Long> dead = new TreeMap<>(deadLetters);
    range.deadLetters().forEach((reason, count) -> dead.merge(reason, count, Math::addExact));
    return new Totals(
        files + (range.start() == 0 ? 1 : 0),
        Math.addExact(storedBytes, range.end() - range.start()),
        Math.addExact(records, range.records()),
        Math.addExact(documents, range.documents()),
        validation.plus(range.validation()),
        dead,
        Math.addExact(duplicates, range.duplicates()),
        Math.addExact(InputRange.orNone(excluded), InputRange.orNone(range.excluded())),
        Math.addExact(blank, range.blank()),
        Math.addExact(textBytes, range.textBytes()),
        Math.addExact(rawBytes, range.rawBytes()),
        Math.addExact(tokens, range.tokens()),
        sum(lossTokens, range.lossTokens()));
  }

  /**
   * The account of a run that goes on from the shards with these documents: it reads the manifest.
   *
   * @param size of the manifest, in bytes
   */
  public InputRange ofShards(String manifest, long size, String sha256) {
    return new InputRange(
        manifest,
        0,
        size,
        size,
        sha256,
        null,
        Math.addExact(documents, validation.documents()),
        documents,
        validation,
        new TreeMap<>(),
        0,
        null,
        0,
        textBytes,
        size,
        tokens,
        lossTokens);
  }

  /** The sum of the values that are not null; null for none. */
  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : (Long) Math.addExact(a, b);
  }
}
