package org.merganser.output.figures;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lengths of a unit's documents for training, as in its receipt.
 *
 * @param groups the documents by group, those without a group first; those in {@code open} are not
 *     counted
 * @param longest the longest counted documents, the longest first
 * @param open the first document if it may begin in the unit before, and the last one if it may
 *     continue in the next; not written if there is neither
 */
public record UnitLengths(
    List<Group> groups,
    List<MeasuredDocument> longest,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<MeasuredDocument> open) {
  /** A missing {@code open} in JSON becomes empty. */
  public UnitLengths {
    open = open == null ? List.of() : List.copyOf(open);
  }

  /**
   * The lengths of the documents of a group.
   *
   * @param group the name of the group; null for documents without one
   * @param buckets the buckets that have documents, the shortest first
   */
  public record Group(@Nullable String group, List<LengthBucket> buckets) {}
}
