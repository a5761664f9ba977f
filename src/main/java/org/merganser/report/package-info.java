/**
 * Classes that the figures and the page share: rounding, and the exception.
 *
 * <p>Start with {@link org.merganser.report.RoundedFractions}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report;
