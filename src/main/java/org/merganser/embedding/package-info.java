/**
 * Embedding tables: the Parquet schema, importers, lookup by id and pooling.
 *
 * <p>Start with {@link org.merganser.embedding.EmbeddingTable}. Imports {@code tokenizer}, {@code
 * shard}, Parquet and Jackson.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.embedding;
