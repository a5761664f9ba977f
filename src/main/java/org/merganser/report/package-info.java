/**
 * What a run made, in figures and on a page: statistics.json, report.html, the comparison of two
 * tokenizers. Start with {@link org.merganser.report.Statistics} and {@link
 * org.merganser.report.ReportPage}. Knows no Beam; the pipeline hands it what units measured.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report;
