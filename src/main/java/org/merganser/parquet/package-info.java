/**
 * Tables in Parquet, read and written by columns over parquet-java without an object for a value;
 * {@link org.merganser.parquet.RowWriter} writes small tables from rows. Footers and page headers
 * are checked for damage before parquet-java uses them.
 *
 * <p>Start with {@link org.merganser.parquet.ColumnarWriter}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.parquet;
