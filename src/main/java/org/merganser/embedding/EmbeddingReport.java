package org.merganser.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The findings of an import.
 *
 * @param dtype of the source, such as BF16
 * @param padding rows beyond the tokenizer's ids; 0 without a tokenizer
 * @param zeroRows rows of zeros, {@code firstZero} the first one or null
 * @param duplicateRows rows equal to an earlier one, without the zero rows; {@code firstDuplicate}
 *     the first one or null
 * @param replaced NaNs and infinities that were replaced with zero, on request
 */
public record EmbeddingReport(
    int rows,
    int dim,
    String dtype,
    int padding,
    int zeroRows,
    @Nullable Integer firstZero,
    int duplicateRows,
    @Nullable Integer firstDuplicate,
    long replaced) {

  /** The findings for a person, a line each, without those that are 0. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%,d rows of %,d values (%s)", rows, dim, dtype));
    int ids = rows - padding;
    add(lines, padding, "padding after the tokenizer's %2$,d ids: %1$,d", ids);
    add(lines, zeroRows, "rows that are all zero: %,d, first id %d", firstZero);
    add(lines, duplicateRows, "rows that equal an earlier one: %,d, first id %d", firstDuplicate);
    add(lines, replaced, "NaNs and infinities that were made zero: %,d", 0);
    return lines;
  }

  private static void add(List<String> lines, long count, String line, @Nullable Integer second) {
    if (count > 0) {
      lines.add(String.format(Locale.ROOT, line, count, second));
    }
  }
}
