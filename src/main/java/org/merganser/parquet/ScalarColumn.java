package org.merganser.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;

/**
 * A column of one value a row, required or optional. Values are encoded as PLAIN: zstd compresses
 * repeated paths and small numbers to very little without a dictionary. The caller adds only values
 * of the column's type.
 */
public final class ScalarColumn extends PagedColumn {
  private final boolean optional;

  /**
   * The least binary value of the page; null if there is none. Parquet's statistics, to which it is
   * added at the end of the page, would compare values byte by byte, twice each.
   */
  private byte @Nullable [] least;

  /** The largest binary value of the page, likewise; null if there is none. */
  private byte @Nullable [] largest;

  /** The number of booleans in the page. */
  private int booleans;

  /** The text that was added last, which the next row often repeats. */
  private String lastText = "";

  /** {@link #lastText} in UTF-8. */
  private byte[] lastUtf8 = {};

  ScalarColumn(ColumnPages pages) {
    super(pages);
    this.optional = pages.column().getMaxDefinitionLevel() > 0;
  }

  /** Adds the INT32 of a row. */
  public void addInt(int value) {
    plain.appendInt(value);
    statistics.updateStats(value);
    endValue();
  }

  /** Adds the INT64 of a row. */
  public void addLong(long value) {
    plain.appendLong(value);
    statistics.updateStats(value);
    endValue();
  }

  /** Adds the DOUBLE of a row. */
  public void addDouble(double value) {
    plain.appendLong(Double.doubleToRawLongBits(value));
    if (value == 0) { // a minimum of 0 is written as -0 and a maximum as +0; NaN is neither
      statistics.updateStats(-0.0);
      statistics.updateStats(0.0);
    } else if (!Double.isNaN(value)) {
      statistics.updateStats(value);
    }
    endValue();
  }

  /** Adds the BOOLEAN of a row; a page stores eight in a byte. */
  public void addBoolean(boolean value) {
    if (booleans % 8 == 0) {
      plain.append((byte) 0);
    }
    if (value) {
      plain.bytes()[booleans / 8] |= (byte) (1 << (booleans % 8));
    }
    booleans++;
    statistics.updateStats(value);
    endValue();
  }

  /** Adds {@code bytes}, which must not change afterwards; for a STRING they must be UTF-8. */
  public void addBinary(byte[] bytes) {
    plain.appendInt(bytes.length);
    plain.append(bytes, 0, bytes.length);
    if (least == null || Arrays.compareUnsigned(bytes, least) < 0) {
      least = bytes;
    }
    if (largest == null || Arrays.compareUnsigned(bytes, largest) > 0) {
      largest = bytes;
    }
    endValue();
  }

  /** Adds {@code value} in UTF-8, without encoding it again if the row before has it. */
  public void addText(String value) {
    if (!value.equals(lastText)) {
      lastText = value;
      lastUtf8 = value.getBytes(StandardCharsets.UTF_8);
    }
    addBinary(lastUtf8);
  }

  /**
   * Adds a row without a value.
   *
   * @throws IllegalArgumentException if the column is required
   */
  public void addNull() {
    if (!optional) {
      throw new IllegalArgumentException("no value for required column " + pages.column());
    }
    statistics.incrementNumNulls();
    pages.definition().add(0, 1);
    endRow(1);
  }

  /** Ends a row with a value, which is already in {@link #plain}. */
  private void endValue() {
    if (optional) {
      pages.definition().add(1, 1);
    }
    endRow(1);
  }

  /** Ends the page as well: its least and largest value become statistics of the column. */
  @Override
  ByteBuilder encoded() {
    if (least != null && largest != null) {
      statistics.updateStats(Binary.fromConstantByteArray(least));
      statistics.updateStats(Binary.fromConstantByteArray(largest));
      least = null;
      largest = null;
    }
    booleans = 0;
    return plain;
  }
}
