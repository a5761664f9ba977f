/**
 * Tables in Parquet. Rows of plain classes through parquet-avro ({@link
 * org.merganser.parquet.RowReader}, {@link org.merganser.parquet.RowWriter}) are for every table
 * that no job waits for. Primitive columns over parquet-java, written and read without an object
 * for a value, are for shards and written vectors. Guards check footers and page headers of damaged
 * files before parquet-java believes them.
 *
 * <p>Start with {@link org.merganser.parquet.ColumnarWriter}. Uses Parquet and Avro alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.parquet;
