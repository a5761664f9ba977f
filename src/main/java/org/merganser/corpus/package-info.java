/**
 * The values of the input side: files, ranges and work units, documents and dead letters, and how a
 * corpus is read. Finding files is in {@code corpus.plan}, reading them in {@code corpus.read},
 * leaving documents out in {@code corpus.select}.
 *
 * <p>Start with {@link org.merganser.corpus.WorkUnit}. Uses {@code text}, {@code store} and {@code
 * parquet}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus;
