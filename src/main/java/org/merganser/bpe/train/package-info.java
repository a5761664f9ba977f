/**
 * Learns merges from pretoken counts, in the order of HF's trainer.
 *
 * <p>Start with {@link org.merganser.bpe.train.BpeTrainer}. Uses {@code bpe}, {@code bpe.count} and
 * {@code bpe.encode}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.train;
