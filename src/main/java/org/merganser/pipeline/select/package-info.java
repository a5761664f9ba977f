/**
 * Steps that choose documents: duplicates, the documents to train on, dead letters to be read
 * again.
 *
 * <p>Start with {@link org.merganser.pipeline.select.FindDuplicates}. Uses {@code pipeline.step}
 * and its dependencies.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.select;
