/**
 * The values of the input side: files, ranges and work units, documents and dead letters, and the
 * settings of reading. {@code corpus.plan} finds files, {@code corpus.read} reads them, {@code
 * corpus.select} leaves documents out.
 *
 * <p>Start with {@link org.merganser.corpus.WorkUnit}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus;
