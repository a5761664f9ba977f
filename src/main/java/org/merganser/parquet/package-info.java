/**
 * Primitive columns over parquet-java, written and read without an object for a value, and guards
 * that check footers and page headers of damaged files before parquet-java believes them.
 *
 * <p>Start with {@link org.merganser.parquet.ColumnarWriter}. Uses Parquet alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.parquet;
