package org.merganser.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.merganser.binary.ByteBuilder;

/**
 * A column that encodes a page as soon as it is full; until then its values are kept in {@link
 * #plain}. A subclass adds the values of a row to {@link #plain}, then calls {@link #endRow} or
 * {@link #endList}. The statistics of lists have no minimum and maximum, since no reader prunes by
 * them.
 */
abstract class PagedColumn implements ColumnarWriter.Column {
  /** The levels of the current page, and the ended pages. */
  final ColumnPages pages;

  /** The values of the current page in Parquet's PLAIN encoding; {@link MaskColumn} has runs. */
  final ByteBuilder plain = new ByteBuilder(256);

  /** The statistics of the current page. */
  Statistics<?> statistics;

  /** The rows of the current page. */
  private int rows;

  /** The values of the current page; a null and an empty list count as one. */
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

  /** Whether the current page, which has this number of values, must end. */
  boolean isFull(int pageValues) {
    return plain.length() >= ColumnPages.PAGE_BYTES;
  }

  /** The encoding of {@link #encoded}. */
  Encoding encoding() {
    return Encoding.PLAIN;
  }

  /**
   * The values of the page in its {@link #encoding}; called once, at the end of the page, before
   * its {@link #statistics} are used.
   */
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
