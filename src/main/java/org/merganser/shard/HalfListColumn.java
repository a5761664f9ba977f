package org.merganser.shard;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileWriter;

/** A column of vectors of FLOAT16, PLAIN: two bytes a value, little-endian. */
public final class HalfListColumn implements ColumnarWriter.Column {
  private final ColumnPages pages;
  private final ByteSink plain = new ByteSink();
  private int rows;
  private int values;
  private long endedBytes;

  HalfListColumn(ColumnPages pages) {
    this.pages = pages;
  }

  /** Adds the vector whose values are the pairs of bytes of {@code halves}, at least one. */
  public void add(byte[] halves) {
    int dim = halves.length / 2;
    plain.put(halves, 0, halves.length);
    pages.repetition().add(0, 1);
    pages.repetition().add(1, dim - 1);
    pages.definition().add(1, dim);
    values += dim;
    rows++;
    if (plain.size() >= ColumnPages.PAGE_BYTES) {
      endPage();
    }
  }

  private void endPage() {
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
