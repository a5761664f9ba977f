/**
 * Finds the files of a corpus, detects their formats and divides them into work units; plans as
 * files.
 *
 * <p>Start with {@link org.merganser.corpus.plan.CorpusPlanner}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.plan;
