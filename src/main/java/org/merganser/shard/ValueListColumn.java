package org.merganser.shard;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileWriter;

/** A column of short lists of numbers or texts, PLAIN: zstd takes what repeats. */
public final class ValueListColumn implements ColumnarWriter.Column {
  private final ColumnPages pages;
  private final ByteSink plain = new ByteSink();
  private int rows;
  private int values;
  private int listed;
  private long endedBytes;

  ValueListColumn(ColumnPages pages) {
    this.pages = pages;
  }

  /** Adds a value to the list of the row that is being filled. */
  public void addInt(int value) {
    plain.putInt(value);
    listed++;
  }

  public void addLong(long value) {
    plain.putLong(value);
    listed++;
  }

  /** Adds {@code bytes}; for a STRING they must be well-formed UTF-8. */
  public void addBinary(byte[] bytes) {
    plain.putInt(bytes.length);
    plain.put(bytes, 0, bytes.length);
    listed++;
  }

  /** Ends the list; every row has one, which may be empty. */
  public void endList() {
    pages.repetition().add(0, 1);
    pages.repetition().add(1, Math.max(0, listed - 1));
    pages.definition().add(listed == 0 ? 0 : 1, Math.max(1, listed));
    values += Math.max(1, listed);
    listed = 0;
    rows++;
    if (plain.size() >= ColumnPages.PAGE_BYTES) {
      endPage();
    }
  }

  private void endPage() {
    // No minimum and maximum: nobody prunes by them.
    pages.endPage(plain, Encoding.PLAIN, values, rows, pages.newStatistics());
    endedBytes += plain.size();
    plain.clear();
    rows = 0;
    values = 0;
  }

  @Override
  public long bufferedBytes() {
    return endedBytes + plain.size();
  }

  @Override
  public void writeTo(ParquetFileWriter file) throws IOException {
    if (rows > 0) {
      endPage();
    }
    pages.writeTo(file);
    endedBytes = 0;
  }
}
