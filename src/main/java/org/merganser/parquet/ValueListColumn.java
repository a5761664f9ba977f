package org.merganser.parquet;

/** A column of short lists of numbers or texts, PLAIN: zstd compresses repeats. */
public final class ValueListColumn extends ListColumn {
  private int listed;
  private int nulls;

  ValueListColumn(ColumnPages pages) {
    super(pages);
  }

  /** Adds a value to the list of the current row. */
  public void addInt(int value) {
    plain.appendInt(value);
    listed++;
  }

  public void addLong(long value) {
    plain.appendLong(value);
    listed++;
  }

  /** Adds {@code bytes}; for a STRING they must be well-formed UTF-8. */
  public void addBinary(byte[] bytes) {
    plain.appendInt(bytes.length);
    plain.append(bytes, 0, bytes.length);
    listed++;
  }

  /** Adds a null, after which the list has no value; the column's entries must be optional. */
  public void addNull() {
    nulls++;
  }

  /** Ends the list; every row has one, which may be empty. */
  public void endList() {
    endRow(listed, nulls);
    listed = 0;
    nulls = 0;
  }
}
