/**
 * The page report.html, one file with everything in it, and the page of a comparison.
 *
 * <p>Start with {@link org.merganser.report.page.ReportPage}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report.page;
