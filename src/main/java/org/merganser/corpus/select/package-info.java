/**
 * Decides which documents are used: duplicates, the validation split, and the dead letters that are
 * read once more.
 *
 * <p>Start with {@link org.merganser.corpus.select.SelectedDocuments}. Uses {@code corpus} and
 * {@code corpus.read}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.select;
