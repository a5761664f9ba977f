/**
 * Steps that compute figures for the report.
 *
 * <p>Start with {@link org.merganser.pipeline.measure.StatisticsPublication}. Uses {@code
 * pipeline.train}, {@code pipeline.step} and their dependencies.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.measure;
