package org.merganser.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.merganser.text.unicode.ByteBuilder;

/**
 * A column of lists whose values are kept in {@link #plain} until a page is full, as their plain
 * bytes except in {@link MaskColumn}. Its pages have no minimum and maximum, since no reader prunes
 * by them.
 */
abstract class ListColumn implements ColumnarWriter.Column {
  final ColumnPages pages;
  final ByteBuilder plain = new ByteBuilder(256);
  private int rows;
  private int values;
  private int nulls;
  private long endedBytes;

  ListColumn(ColumnPages pages) {
    this.pages = pages;
  }

  /** Ends the list of a row, of {@code count} values that are already in {@link #plain}. */
  final void endRow(int count) {
    endRow(count, 0);
  }

  /**
   * Ends the list of a row, of {@code count} values that are already in {@link #plain}, followed by
   * null entries.
   */
  final void endRow(int count, int nullEntries) {
    values += pages.addList(count + nullEntries, nullEntries);
    nulls += nullEntries;
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

  /** The bytes of the page in {@link #plain}, by {@link #encoding}. */
  ByteBuilder encoded() {
    return plain;
  }

  private void endPage() {
    Statistics<?> statistics = pages.newStatistics();
    statistics.incrementNumNulls(nulls);
    pages.endPage(encoded(), encoding(), values, rows, statistics);
    endedBytes += plain.length();
    plain.clear();
    rows = 0;
    values = 0;
    nulls = 0;
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
