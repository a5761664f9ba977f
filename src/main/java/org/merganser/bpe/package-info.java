/**
 * The common base of counting, encoding and training: the vocabulary, ids and buffers of ids, the
 * printable alphabet for bytes, and the table that finds the rank of a pair.
 *
 * <p>Start with {@link org.merganser.bpe.Vocabulary}. Uses nothing of the project.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe;
