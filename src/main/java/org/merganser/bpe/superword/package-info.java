/**
 * Stage 2 of a SuperBPE training: tokens that span words. It starts from ids of a vocabulary of
 * words and follows the steps of {@code bpe.train}. It learns from runs of ids between pairs that
 * are too rare for any merge; {@link org.merganser.bpe.superword.WordPairs} says why the counts
 * stay exact.
 *
 * <p>Start with {@link org.merganser.bpe.superword.SuperwordTrainer}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.superword;
