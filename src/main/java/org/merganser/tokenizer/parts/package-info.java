/**
 * The parts of a tokenizer.json as values: added tokens, post-processor, decoder, and the record
 * that holds them all.
 *
 * <p>Start with {@link org.merganser.tokenizer.parts.TokenizerParts}. Uses {@code text} and {@code
 * bpe}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.parts;
