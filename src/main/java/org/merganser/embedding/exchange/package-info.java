/**
 * Embedding tables of other tools: safetensors and npy in and out, Parquet with any column names
 * in.
 *
 * <p>Start with {@link org.merganser.embedding.exchange.EmbeddingImport}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.embedding.exchange;
