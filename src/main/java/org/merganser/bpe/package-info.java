/**
 * What counting, encoding and training share: the vocabulary, the byte-level form of text, buffers
 * of ids, and the table of merge ranks.
 *
 * <p>Start with {@link org.merganser.bpe.Vocabulary}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe;
