package org.merganser.output.figures;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the lengths of the documents of a unit. The first or last document, if it may have parts
 * in another unit, is not counted but passed on; {@link LengthCounts} joins the parts.
 */
public final class UnitLengthCounts {
  private final LengthSums sums = new LengthSums();

  /** The document that was added last and may have further parts; null before the first one. */
  private @Nullable MeasuredDocument last;

  /** The {@link UnitLengths#open} documents. */
  private final List<MeasuredDocument> open = new ArrayList<>();

  /** Whether no document has ended, so that the next one may have begun in the unit before. */
  private boolean isFirst = true;

  /** Adds the next document of the unit, or the next part of one. */
  public void add(MeasuredDocument next) {
    MeasuredDocument before = last;
    if (before != null && next.continues(before)) {
      last = before.plusPart(next);
      return;
    }
    if (before != null) {
      end(before);
    }
    last = next;
  }

  /** Counts a document, unless a part of it may be in the unit before. */
  private void end(MeasuredDocument document) {
    if (isFirst && document.part() > 0) {
      open.add(document);
    } else {
      sums.add(document);
    }
    isFirst = false;
  }

  /**
   * The lengths of the unit; call once, after its last document, which may continue in the next
   * unit.
   */
  public UnitLengths toUnitLengths() {
    if (last != null) {
      open.add(last);
    }
    return new UnitLengths(sums.toRows(), sums.longest(), open);
  }
}
