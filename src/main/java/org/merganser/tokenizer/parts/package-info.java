/**
 * The parts of a tokenizer.json as values: added tokens and how they are found in text,
 * post-processor, decoder and how it makes text of tokens, the record that holds them all, and what
 * is checked of them together.
 *
 * <p>Start with {@link org.merganser.tokenizer.parts.TokenizerParts}. Uses {@code text} and {@code
 * bpe}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.parts;
