/**
 * A transform for other pipelines: rows of text to rows of ids, a row at a time, in any {@code
 * PCollection}. For a complete corpus on disk use {@link org.merganser.pipeline}, which is faster
 * and can be resumed.
 *
 * <p>Start with {@link org.merganser.beam.TokenizeText}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.beam;
