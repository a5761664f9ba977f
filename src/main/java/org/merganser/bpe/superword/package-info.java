/**
 * Stage 2 of a SuperBPE training: tokens that span words. It starts from the ids that a vocabulary
 * of words gives, one cell an id, and follows the steps of {@code bpe.train}; {@code SuperwordRule}
 * decides which pairs are skipped. It learns from runs of ids ({@link
 * org.merganser.bpe.superword.WordRuns}) between pairs of ids that are too rare for any merge
 * ({@link org.merganser.bpe.superword.WordPairs}, which says why the counts stay exact).
 *
 * <p>Start with {@link org.merganser.bpe.superword.SuperwordTrainer}. Uses {@code bpe}, {@code
 * bpe.encode} and {@code bpe.train}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.superword;
