/**
 * Embedding tables of other tools: safetensors and npy are read and written, and Parquet with other
 * names of columns is read.
 *
 * <p>Start with {@link org.merganser.embedding.exchange.EmbeddingImport}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.embedding.exchange;
