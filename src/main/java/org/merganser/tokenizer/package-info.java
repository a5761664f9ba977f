/**
 * A whole tokenizer: added tokens, normalizer, pre-tokenizer, model, post-processor and decoder,
 * read from and written to {@code tokenizer.json} and its siblings.
 *
 * <p>Start with {@link org.merganser.tokenizer.Tokenizer}. Imports {@code text}, {@code bpe} and
 * Jackson.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer;
