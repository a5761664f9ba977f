/**
 * The figures in receipts and in the manifest: sums over records, groups, lengths of documents,
 * occurrences of ids. The figures of two parts can be added, in any order.
 *
 * <p>Start with {@link org.merganser.output.figures.RecordSums}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.output.figures;
