/**
 * What the figures and the page share: JSON and rounding.
 *
 * <p>Start with {@link org.merganser.report.ReportJson}. Uses Jackson alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report;
