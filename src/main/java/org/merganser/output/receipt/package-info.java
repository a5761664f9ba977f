/**
 * Receipts: the proof that a work unit is done, with the files it wrote and the ranges it read.
 *
 * <p>Start with {@link org.merganser.output.receipt.UnitReceipt}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.output.receipt;
