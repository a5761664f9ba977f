/**
 * Embedding tables: the Parquet schema, lookup by id, and pooling.
 *
 * <p>Start with {@link org.merganser.embedding.EmbeddingTable}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.embedding;
