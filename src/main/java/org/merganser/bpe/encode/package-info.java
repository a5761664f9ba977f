/**
 * Pretokens to ids: the model of a tokenizer.json, merging by rank, and the bounded caches in front
 * of it.
 *
 * <p>Start with {@link org.merganser.bpe.encode.BpeModel}. Uses {@code bpe} alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.encode;
