/**
 * Embedding tables of other tools, in and out: safetensors, npy, GGUF, word2vec, GloVe, model2vec,
 * Parquet with any column names; and transplanting a table to another tokenizer.
 *
 * <p>Start with {@link org.merganser.embedding.exchange.EmbeddingImport}. Uses {@code embedding}
 * and what that uses.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.embedding.exchange;
