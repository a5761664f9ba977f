/**
 * Decides which documents are used: duplicates, excluded ids and the validation split.
 *
 * <p>Start with {@link org.merganser.corpus.select.SelectedDocuments}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.select;
