/**
 * The parts of a Parquet file around its pages: footers, page headers, codecs, the file itself.
 *
 * <p>Start with {@link org.merganser.parquet.file.Footers}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.parquet.file;
