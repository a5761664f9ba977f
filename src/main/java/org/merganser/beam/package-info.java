/**
 * Transforms for pipelines of others: texts to a tokenizer, rows of text to rows of ids, rows of
 * ids to vectors. They take any {@code PCollection}, a row at a time; a whole corpus on disk is the
 * business of {@link org.merganser.pipeline}, which is faster and goes on where it was stopped.
 *
 * <p>Start with {@link org.merganser.beam.TokenizeText}. Uses the core, {@code embedding}, {@code
 * store} and what {@code pipeline} offers for training; knows no run and no output folder.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.beam;
