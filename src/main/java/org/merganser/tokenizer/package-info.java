/**
 * A complete tokenizer: text to ids and back, with added tokens, normalizer, pre-tokenizer, model,
 * post-processor and decoder.
 *
 * <p>Start with {@link org.merganser.tokenizer.Tokenizer}. Uses {@code tokenizer.parts}, {@code
 * tokenizer.json}, {@code text}, {@code bpe} and Jackson.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer;
