package org.merganser.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.merganser.binary.ByteBuilder;

/**
 * A column that encodes a page as soon as it is full; until then its values are kept in {@link
 * #plain}. The statistics of lists have no minimum and maximum, since no reader prunes by them.
 */
abstract class PagedColumn implements ColumnarWriter.Column {
  final ColumnPages pages;

  /** The values of the current page in Parquet's PLAIN encoding; {@link MaskColumn} has runs. */
  final ByteBuilder plain = new ByteBuilder(256);

  /** The statistics of the current page. */
  Statistics<?> statistics;

  /** The rows and the values of the current page; a null and an empty list count as one value. */
  private int rows;

  private int values;

  /** The bytes of the values in the ended pages of the row group, before encoding. */
  private long endedBytes;

  PagedColumn(ColumnPages pages) {
    this.pages = pages;
    this.statistics = pages.newStatistics();
  }

  /**
   * Ends the list of a row.
   *
   * @param count the values of the list, which are already in {@link #plain}
   * @param nulls the null entries after them
   */
  final void endList(int count, int nulls) {
    statistics.incrementNumNulls(nulls);
    endRow(pages.addList(count + nulls, nulls));
  }

  /**
   * Ends a row, whose levels and values are added already.
   *
   * @param rowValues its values, of which a null and an empty list count as one
   */
  final void endRow(int rowValues) {
    values += rowValues;
    rows++;
    if (isFull(values)) {
      endPage();
    }
  }

  /** Whether the current page, of this number of values, ends. */
  boolean isFull(int values) {
    return plain.length() >= ColumnPages.PAGE_BYTES;
  }

  /** The encoding of {@link #encoded}. */
  Encoding encoding() {
    return Encoding.PLAIN;
  }

  /** The bytes of the page's values by {@link #encoding}; called once, at the end of the page. */
  ByteBuilder encoded() {
    return plain;
  }

  private void endPage() {
    pages.endPage(encoded(), encoding(), values, rows, statistics);
    statistics = pages.newStatistics();
    endedBytes += plain.length();
    plain.clear();
    rows = 0;
    values = 0;
  }

  @Override
  public final long bufferedBytes() {
    return endedBytes + plain.length();
  }

  @Override
  public final void writeTo(ParquetFileWriter file) throws IOException {
    if (rows > 0) {
      endPage();
    }
    pages.writeTo(file);
    endedBytes = 0;
  }
}
