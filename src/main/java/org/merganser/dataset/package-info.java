/**
 * The proof of a run: receipts of units, the manifest, the lists of inputs and outputs.
 *
 * <p>Start with {@link org.merganser.dataset.Manifest}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.dataset;
