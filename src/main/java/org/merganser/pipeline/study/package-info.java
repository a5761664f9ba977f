/**
 * A study: several vocabularies that are learned from one reading of a corpus and compared on the
 * documents that it keeps for validation.
 *
 * <p>Start with {@link org.merganser.pipeline.study.StudyRun}. Uses the stages of {@code
 * pipeline.train}, which know nothing of studies.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.study;
