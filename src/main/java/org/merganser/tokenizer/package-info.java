/**
 * A complete tokenizer: text to ids and back, with added tokens, normalizer, pre-tokenizer, model,
 * post-processor and decoder.
 *
 * <p>Start with {@link org.merganser.tokenizer.Tokenizer}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer;
