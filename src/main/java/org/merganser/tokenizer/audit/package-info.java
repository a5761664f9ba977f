/**
 * Finds questionable tokens of a vocabulary, and removes tokens from it.
 *
 * <p>Start with {@link org.merganser.tokenizer.audit.VocabularyAudit}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.audit;
