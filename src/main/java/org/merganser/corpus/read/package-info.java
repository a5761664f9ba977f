/**
 * Reads the documents of a work unit: formats, records, and the parts of large documents.
 *
 * <p>Start with {@link org.merganser.corpus.read.UnitReader}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.read;
