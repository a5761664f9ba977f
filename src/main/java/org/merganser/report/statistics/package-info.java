/**
 * Figures of a run, computed from the counts and measurements of units: statistics.json, the
 * verdict, and the comparison of tokenizers.
 *
 * <p>Start with {@link org.merganser.report.statistics.Statistics}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report.statistics;
