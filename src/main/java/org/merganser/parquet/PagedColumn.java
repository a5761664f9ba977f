package org.merganser.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.merganser.binary.ByteBuilder;

/**
 * A column whose values are kept in {@link #plain} until a page is full, as their plain bytes
 * except in {@link MaskColumn}. Pages of lists have no minimum and maximum, since no reader prunes
 * by them.
 */
abstract class PagedColumn implements ColumnarWriter.Column {
  final ColumnPages pages;
  final ByteBuilder plain = new ByteBuilder(256);

  /** Those of the page. */
  Statistics<?> statistics;

  private int rows;
  private int values;
  private long endedBytes;

  PagedColumn(ColumnPages pages) {
    this.pages = pages;
    this.statistics = pages.newStatistics();
  }

  /**
   * Ends the list of a row, of {@code count} values that are already in {@link #plain}, followed by
   * null entries.
   */
  final void endList(int count, int nulls) {
    statistics.incrementNumNulls(nulls);
    endRow(pages.addList(count + nulls, nulls));
  }

  /** Ends a row that takes {@code places}; its levels and values are written already. */
  final void endRow(int places) {
    values += places;
    rows++;
    if (isFull(values)) {
      endPage();
    }
  }

  /** Whether a page of {@code values} values ends; an empty list counts as one. */
  boolean isFull(int values) {
    return plain.length() >= ColumnPages.PAGE_BYTES;
  }

  /** The encoding of {@link #encoded}. */
  Encoding encoding() {
    return Encoding.PLAIN;
  }

  /** Completes the page and returns the bytes of its values by {@link #encoding}. */
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
