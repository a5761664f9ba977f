/**
 * What is wrong with the tokens of a vocabulary, and the vocabulary without some of them.
 *
 * <p>Start with {@link org.merganser.tokenizer.audit.VocabularyAudit}. Uses {@code tokenizer} and
 * what is above it; reads no files.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.audit;
