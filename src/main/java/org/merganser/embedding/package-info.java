/**
 * Embedding tables: the Parquet schema, lookup by id, and pooling.
 *
 * <p>Start with {@link org.merganser.embedding.EmbeddingTable}. Uses {@code tokenizer}, {@code
 * shard}, {@code dataset} and {@code parquet}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.embedding;
