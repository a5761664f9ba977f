package org.merganser.parquet;

import java.nio.charset.StandardCharsets;

/** A column of short lists of numbers or texts, PLAIN: zstd compresses repeats. */
public final class ValueListColumn extends PagedColumn {
  private int listed;
  private int nulls;

  ValueListColumn(ColumnPages pages) {
    super(pages);
  }

  public void addInt(int value) {
    plain.appendInt(value);
    listed++;
  }

  public void addLong(long value) {
    plain.appendLong(value);
    listed++;
  }

  public void addText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    plain.appendInt(bytes.length);
    plain.append(bytes, 0, bytes.length);
    listed++;
  }

  /** Adds {@code count} values that are plain already. */
  public void addPlain(byte[] values, int count) {
    plain.append(values);
    listed += count;
  }

  /** Adds a null, after which the list has no value; the column's entries must be optional. */
  public void addNull() {
    nulls++;
  }

  /** Every row has one, which may be empty. */
  public void endList() {
    endList(listed, nulls);
    listed = 0;
    nulls = 0;
  }
}
