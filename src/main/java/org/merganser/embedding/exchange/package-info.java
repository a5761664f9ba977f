/**
 * Embedding tables of other tools: safetensors and npy are read and written, and Parquet with other
 * names of columns is read. A table is also made for another tokenizer here, from the rows of an
 * old one.
 *
 * <p>Start with {@link org.merganser.embedding.exchange.EmbeddingImport}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.embedding.exchange;
