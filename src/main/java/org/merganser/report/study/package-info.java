/**
 * The figures of several vocabularies on the same texts, and which of them none of the others is
 * better than in all respects.
 *
 * <p>Start with {@link org.merganser.report.study.StudyFigures}. Uses {@code report.statistics} and
 * what that uses.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.report.study;
