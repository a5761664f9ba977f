package org.merganser.parquet;

import org.apache.parquet.column.Encoding;
import org.merganser.binary.ByteBuilder;

/**
 * A column of lists of zeros and ones: a dictionary of 0 and 1, and indexes of one bit in Parquet's
 * run-length encoding. A run of ones costs two to six bytes, whatever its length.
 */
public final class MaskColumn extends PagedColumn {
  /** A page ends with the row that brings it to this many values, since readers expand them. */
  private static final int PAGE_VALUES = 1 << 18;

  /** The value of the current run. */
  private int runValue;

  /** The length of the current run. */
  private long runLength;

  /** The number of values in the current list. */
  private int listed;

  MaskColumn(ColumnPages pages) {
    super(pages);
  }

  /** Adds {@code count} ones to the current list, or zeros if {@code one} is false. */
  public void add(boolean one, int count) {
    int value = one ? 1 : 0;
    if (count > 0 && value != runValue) {
      endRun();
      runValue = value;
    }
    runLength += count;
    listed += count;
  }

  /** Ends the list of a row. Every row has a list, which may be empty. */
  public void endList() {
    endList(listed, 0);
    listed = 0;
  }

  /** Writes the current run: {@code varint(length << 1), value}. */
  private void endRun() {
    if (runLength > 0) {
      beginPage();
      plain.appendVarint(runLength << 1);
      plain.append((byte) runValue);
      runLength = 0;
    }
  }

  /** Writes the first byte of a page if it is missing: the width of an index in bits. */
  private void beginPage() {
    if (plain.length() == 0) {
      plain.append((byte) 1);
    }
  }

  @Override
  boolean isFull(int pageValues) {
    return pageValues >= PAGE_VALUES;
  }

  @Override
  Encoding encoding() {
    return Encoding.RLE_DICTIONARY;
  }

  @Override
  ByteBuilder encoded() {
    endRun();
    beginPage(); // if all lists are empty
    if (!pages.hasDictionary()) {
      addDictionary();
    }
    return plain;
  }

  /** Adds the dictionary, in which each value is its own index. */
  private void addDictionary() {
    ByteBuilder entries = new ByteBuilder(2 * Integer.BYTES);
    entries.appendInt(0);
    entries.appendInt(1);
    pages.addDictionary(entries, 2);
  }
}
