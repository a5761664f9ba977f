/**
 * The receipts of units: what proves that a file was written, and that it has not changed since.
 *
 * <p>Start with {@link org.merganser.pipeline.output.receipt.Receipts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.output.receipt;
