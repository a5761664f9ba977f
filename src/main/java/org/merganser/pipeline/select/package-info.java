/**
 * Steps that choose documents: duplicates, excluded ids, and the documents to train on.
 *
 * <p>Start with {@link org.merganser.pipeline.select.FindDuplicates}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.select;
