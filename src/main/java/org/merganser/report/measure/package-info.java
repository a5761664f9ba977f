/**
 * Measures a sample of the decoded text of a run, and counts equal texts, unit by unit; the sums
 * can be added in any order.
 *
 * <p>Start with {@link org.merganser.report.measure.TextMeter} and {@link
 * org.merganser.report.measure.TextCounts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report.measure;
