/**
 * The proof of a run: receipts of units, the manifest, the lists of inputs and outputs.
 *
 * <p>Start with {@link org.merganser.dataset.Manifest}. Uses {@code corpus}, {@code parquet} and
 * Jackson.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.dataset;
