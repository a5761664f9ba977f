/**
 * Steps that compute figures for the report.
 *
 * <p>Start with {@link org.merganser.pipeline.measure.StatisticsPublication}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.measure;
