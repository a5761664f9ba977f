/**
 * The commands {@code embeddings …}.
 *
 * <p>Start with {@link org.merganser.cli.embeddings.EmbeddingsCommand}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.embeddings;
