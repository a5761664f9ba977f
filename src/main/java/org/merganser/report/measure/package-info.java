/**
 * Measures a sample of the text of a run, unit by unit, as the ids give it back; the sums can be
 * added in any order.
 *
 * <p>Start with {@link org.merganser.report.measure.TextMeter}. Uses {@code report}, {@code text},
 * {@code bpe} and {@code tokenizer}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report.measure;
