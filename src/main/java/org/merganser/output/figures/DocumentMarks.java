package org.merganser.output.figures;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The counts of documents for training that begin and end with the ids for that purpose. A document
 * in parts counts once: its first part begins it, and its last part ends it.
 *
 * @param begin the id that begins a document; null, which is not written, for none
 * @param end the id that ends a document; null, which is not written, for none
 * @param begun documents whose first id is {@code begin}
 * @param ended documents whose last id is {@code end}
 */
public record DocumentMarks(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer begin,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer end,
    long begun,
    long ended) {

  /** These ids with counts of 0; null if there is neither id. */
  public static @Nullable DocumentMarks of(@Nullable Integer begin, @Nullable Integer end) {
    return begin == null && end == null ? null : new DocumentMarks(begin, end, 0, 0);
  }

  /** The counts of both, which are for the same ids; null counts as none. */
  static @Nullable DocumentMarks sum(@Nullable DocumentMarks a, @Nullable DocumentMarks b) {
    if (a == null) {
      return b;
    }
    return b == null ? a : a.plus(b.begun, b.ended);
  }

  /** The same ids with counts that are larger by these numbers. */
  public DocumentMarks plus(long moreBegun, long moreEnded) {
    return new DocumentMarks(
        begin, end, Math.addExact(begun, moreBegun), Math.addExact(ended, moreEnded));
  }

  /** Whether the first of {@code count} ids is the one that begins a document. */
  public boolean begins(int[] ids, int count) {
    return begin != null && count > 0 && ids[0] == begin;
  }

  /** Whether the last of {@code count} ids is the one that ends a document. */
  public boolean ends(int[] ids, int count) {
    return end != null && count > 0 && ids[count - 1] == end;
  }
}
