package org.merganser.shard;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * A column of float vectors, BYTE_STREAM_SPLIT: the four bytes of a page's floats are stored as
 * four streams, so that zstd meets signs and exponents together; mantissas do not shrink.
 */
public final class FloatListColumn implements ColumnarWriter.Column {
  private final ColumnPages pages;
  private final ByteSink plain = new ByteSink();
  private final ByteSink split = new ByteSink();
  private int rows;
  private int values;
  private long endedBytes;

  FloatListColumn(ColumnPages pages) {
    this.pages = pages;
  }

  /** Adds the vector {@code from[at, at + dim)}. */
  public void add(float[] from, int at, int dim) {
    for (int i = at; i < at + dim; i++) {
      plain.putInt(Float.floatToRawIntBits(from[i]));
    }
    pages.repetition().add(0, 1);
    pages.repetition().add(1, Math.max(0, dim - 1));
    pages.definition().add(dim == 0 ? 0 : 1, Math.max(1, dim));
    values += Math.max(1, dim);
    rows++;
    if (plain.size() >= ColumnPages.PAGE_BYTES) {
      endPage();
    }
  }

  private void endPage() {
    int floats = plain.size() / 4;
    split.clear();
    split.reserve(plain.size());
    byte[] in = plain.bytes();
    byte[] out = split.bytes();
    for (int stream = 0; stream < 4; stream++) {
      int to = stream * floats;
      for (int i = 0; i < floats; i++) {
        out[to + i] = in[4 * i + stream];
      }
    }
    // No minimum and maximum: nobody prunes by the components of a vector.
    pages.endPage(split, Encoding.BYTE_STREAM_SPLIT, values, rows, pages.newStatistics());
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
