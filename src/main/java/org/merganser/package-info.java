/**
 * Merganser: turns a text corpus into a subword vocabulary, token-id shards and embedded rows.
 *
 * <p>Start with {@code pipeline.MerganserPipeline} for the main path, or with {@code
 * tokenizer.Tokenizer} to use the core as a library without Beam.
 */
@org.jspecify.annotations.NullMarked
package org.merganser;
