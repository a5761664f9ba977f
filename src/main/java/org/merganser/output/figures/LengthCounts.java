package org.merganser.output.figures;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the lengths of the documents of all units, which {@link UnitLengthCounts} has counted.
 * Call {@link #add} once for each unit, in any order, and then {@link #sum}. A document with parts
 * in several units is joined before it is counted.
 */
public final class LengthCounts {
  private final LengthSums sums = new LengthSums();

  /** The {@link UnitLengths#open} documents of the units that were added, by unit. */
  private final SortedMap<Integer, List<MeasuredDocument>> open = new TreeMap<>();

  /**
   * The lengths of documents.
   *
   * @param byGroup the buckets of each group by their {@link LengthBucket#to}; documents without a
   *     group are in {@link GroupCounts#NONE}
   * @param longest the longest documents, the longest first
   */
  public record Sum(
      SortedMap<String, SortedMap<Long, LengthBucket>> byGroup, List<MeasuredDocument> longest) {}

  /**
   * Adds the lengths of a unit.
   *
   * @param unit the number of the unit, by which parts of a document are joined
   */
  public void add(int unit, UnitLengths lengths) {
    sums.add(lengths);
    if (!lengths.open().isEmpty()) {
      open.put(unit, lengths.open());
    }
  }

  /** The lengths of the documents of all units; call once, after the last unit. */
  public Sum sum() {
    countOpen();
    return new Sum(sums.toMap(), sums.longest());
  }

  /** Joins the parts of the open documents, in the order of the units, and counts the documents. */
  private void countOpen() {
    MeasuredDocument last = null;
    for (List<MeasuredDocument> ofUnit : open.values()) {
      for (MeasuredDocument next : ofUnit) {
        if (last != null && next.continues(last)) {
          last = last.plusPart(next);
        } else {
          countUnlessNull(last);
          last = next;
        }
      }
    }
    countUnlessNull(last);
  }

  private void countUnlessNull(@Nullable MeasuredDocument document) {
    if (document != null) {
      sums.add(document);
    }
  }
}
