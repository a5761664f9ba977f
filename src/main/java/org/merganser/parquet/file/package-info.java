/**
 * What surrounds the pages of a Parquet file: footers, page headers, codecs, the file itself.
 *
 * <p>Start with {@link org.merganser.parquet.file.Footers}. Uses Parquet and {@code store} alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.parquet.file;
