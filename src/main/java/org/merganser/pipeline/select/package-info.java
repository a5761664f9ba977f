/**
 * Steps that choose documents: duplicates, the documents to train on, dead letters that are read
 * once more.
 *
 * <p>Start with {@link org.merganser.pipeline.select.FindDuplicates}. Uses {@code pipeline.step}
 * and what that uses.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.select;
