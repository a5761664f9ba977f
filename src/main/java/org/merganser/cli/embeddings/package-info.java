/**
 * The commands {@code embeddings …}.
 *
 * <p>Start with {@link org.merganser.cli.embeddings.EmbeddingsCommand}. Uses everything except the
 * other commands.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.embeddings;
