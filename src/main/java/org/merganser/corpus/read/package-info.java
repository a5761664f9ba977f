/**
 * Reads the documents of a work unit: formats, records, and the parts of large documents.
 *
 * <p>Start with {@link org.merganser.corpus.read.UnitReader}. Uses {@code corpus}, {@code text},
 * {@code store}, {@code parquet} and compression libraries.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.read;
