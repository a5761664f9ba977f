package org.merganser.parquet;

import java.nio.charset.StandardCharsets;

/**
 * A column of short lists of numbers or texts, encoded as PLAIN: zstd compresses repeats. The
 * caller adds only values of the column's type.
 */
public final class ValueListColumn extends PagedColumn {
  /** The number of values in the current list. */
  private int listed;

  /** The number of nulls in the current list, which are after its values. */
  private int nulls;

  ValueListColumn(ColumnPages pages) {
    super(pages);
  }

  /** Adds an INT32 to the current list. */
  public void addInt(int value) {
    plain.appendInt(value);
    listed++;
  }

  /** Adds an INT64 to the current list. */
  public void addLong(long value) {
    plain.appendLong(value);
    listed++;
  }

  /** Adds a text in UTF-8 to the current list. */
  public void addText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    plain.appendInt(bytes.length);
    plain.append(bytes, 0, bytes.length);
    listed++;
  }

  /** Adds {@code count} values to the current list, which are given in Parquet's PLAIN encoding. */
  public void addPlain(byte[] values, int count) {
    plain.append(values);
    listed += count;
  }

  /** Adds a null; only nulls may follow it in the list, and the entries must be optional. */
  public void addNull() {
    nulls++;
  }

  /** Ends the list of a row. Every row has a list, which may be empty. */
  public void endList() {
    endList(listed, nulls);
    listed = 0;
    nulls = 0;
  }
}
