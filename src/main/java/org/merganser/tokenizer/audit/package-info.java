/**
 * Finds questionable tokens of a vocabulary, and removes tokens from it.
 *
 * <p>Start with {@link org.merganser.tokenizer.audit.VocabularyAudit}. Uses {@code tokenizer} and
 * what is above it; reads no files.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.audit;
