/**
 * Figures of a run, made from what units counted and measured: statistics.json, the verdict, and
 * the comparison of tokenizers.
 *
 * <p>Start with {@link org.merganser.report.statistics.Statistics}. Uses {@code report.measure} and
 * what that uses.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report.statistics;
