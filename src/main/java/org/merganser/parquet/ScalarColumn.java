package org.merganser.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteBuilder;

/**
 * A column of one value a row, required or optional. PLAIN: zstd compresses repeated paths and
 * small numbers to very little without a dictionary.
 */
public final class ScalarColumn implements ColumnarWriter.Column {
  private final ColumnPages pages;
  private final boolean optional;
  private final ByteBuilder values = new ByteBuilder(256);
  private Statistics<?> statistics;

  // Of the binary values of the page. The statistics would compare byte by byte, twice a value.
  private byte @Nullable [] least;
  private byte @Nullable [] largest;

  private int rows;
  private int flags;
  private long endedBytes;

  ScalarColumn(ColumnPages pages) {
    this.pages = pages;
    this.optional = pages.column().getMaxDefinitionLevel() > 0;
    this.statistics = pages.newStatistics();
  }

  public void addInt(int value) {
    values.appendInt(value);
    statistics.updateStats(value);
    endValue();
  }

  public void addLong(long value) {
    values.appendLong(value);
    statistics.updateStats(value);
    endValue();
  }

  public void addDouble(double value) {
    values.appendLong(Double.doubleToRawLongBits(value));
    if (value == 0) { // a minimum of 0 is written as -0 and a maximum as +0; NaN is neither
      statistics.updateStats(-0.0);
      statistics.updateStats(0.0);
    } else if (!Double.isNaN(value)) {
      statistics.updateStats(value);
    }
    endValue();
  }

  /** Adds a bit; a page stores eight in a byte. */
  public void addBoolean(boolean value) {
    if (flags % 8 == 0) {
      values.append((byte) 0);
    }
    if (value) {
      values.bytes()[flags / 8] |= (byte) (1 << flags % 8);
    }
    flags++;
    statistics.updateStats(value);
    endValue();
  }

  /**
   * Adds {@code bytes}, which are copied later and must not change; for a STRING they must be
   * well-formed UTF-8.
   */
  public void addBinary(byte[] bytes) {
    values.appendInt(bytes.length);
    values.append(bytes, 0, bytes.length);
    if (least == null || Arrays.compareUnsigned(bytes, least) < 0) {
      least = bytes;
    }
    if (largest == null || Arrays.compareUnsigned(bytes, largest) > 0) {
      largest = bytes;
    }
    endValue();
  }

  /** Adds no value to an optional column. */
  public void addNull() {
    if (!optional) {
      throw new IllegalArgumentException("no value for required column " + pages.column());
    }
    statistics.incrementNumNulls();
    pages.definition().add(0, 1);
    endRow();
  }

  private void endValue() {
    if (optional) {
      pages.definition().add(1, 1);
    }
    endRow();
  }

  private void endRow() {
    rows++;
    if (values.length() >= ColumnPages.PAGE_BYTES) {
      endPage();
    }
  }

  private void endPage() {
    if (least != null && largest != null) {
      statistics.updateStats(Binary.fromConstantByteArray(least));
      statistics.updateStats(Binary.fromConstantByteArray(largest));
      least = null;
      largest = null;
    }
    pages.endPage(values, Encoding.PLAIN, rows, rows, statistics);
    endedBytes += values.length();
    values.clear();
    statistics = pages.newStatistics();
    rows = 0;
    flags = 0;
  }

  @Override
  public long bufferedBytes() {
    return endedBytes + values.length();
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
