package org.merganser.parquet;

/** A column of vectors of FLOAT16, PLAIN: two bytes a value, little-endian. */
public final class HalfListColumn extends ListColumn {
  HalfListColumn(ColumnPages pages) {
    super(pages);
  }

  public void add(byte[] halves) {
    plain.append(halves, 0, halves.length);
    endRow(halves.length / 2);
  }
}
