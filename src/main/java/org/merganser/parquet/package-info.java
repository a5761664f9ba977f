/**
 * Tables in Parquet, read and written column by column without an object for each value; {@link
 * org.merganser.parquet.RowWriter} writes small tables from rows. Footers and page headers are
 * checked for damage before parquet-java uses them.
 *
 * <p>Start with {@link org.merganser.parquet.ColumnarWriter}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.parquet;
