/**
 * A transform for pipelines of others: rows of text to rows of ids. It takes any {@code
 * PCollection}, a row at a time; a whole corpus on disk is the business of {@link
 * org.merganser.pipeline}, which is faster and goes on where it was stopped.
 *
 * <p>Start with {@link org.merganser.beam.TokenizeText}. Uses the core and {@code store}; knows no
 * run and no output folder.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.beam;
