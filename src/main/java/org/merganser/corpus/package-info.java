/**
 * The corpus as it lies on disk: finding files, planning work units, reading documents in each
 * format and compression, dead letters.
 *
 * <p>Start with {@link org.merganser.corpus.CorpusPlanner} and {@link
 * org.merganser.corpus.UnitReader}. Imports {@code text}, {@code store}, Jackson, Parquet and
 * compression libraries.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus;
