package org.merganser.embedding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;

/**
 * The findings of an import.
 *
 * @param rows of the table
 * @param dim the number of values of a row
 * @param dtype of the source, such as BF16
 * @param padding rows beyond the tokenizer's ids; 0 without a tokenizer
 * @param zeroRows the number of rows of zeros
 * @param firstZero the id of the first row of zeros; null without one
 * @param duplicateRows the number of rows that equal an earlier one, without the rows of zeros
 * @param firstDuplicate the id of the first of these; null without one
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
    lines.add(Phrase.of("%,d rows of %,d values (%s)", rows, dim, dtype));
    if (padding > 0) {
      lines.add(Phrase.of("padding after the tokenizer's %,d ids: %,d", rows - padding, padding));
    }
    if (zeroRows > 0) {
      lines.add(Phrase.of("rows that are all zero: %,d, first id %d", zeroRows, firstZero));
    }
    if (duplicateRows > 0) {
      lines.add(
          Phrase.of(
              "rows that equal an earlier one: %,d, first id %d", duplicateRows, firstDuplicate));
    }
    if (replaced > 0) {
      lines.add(Phrase.of("NaNs and infinities that were made zero: %,d", replaced));
    }
    return lines;
  }
}
