package org.merganser.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * A column of lists of zeros and ones, as runs of equal ones: a dictionary of 0 and 1, and indexes
 * of one bit in Parquet's run-length encoding. A list of n ones costs two bytes a page, whatever n.
 * Pages have no minimum and maximum.
 */
public final class MaskColumn implements ColumnarWriter.Column {
  /** A page is ended at the row that takes it past this many values: readers expand them. */
  private static final int PAGE_VALUES = 1 << 18;

  private final ColumnPages pages;
  private final ByteSink encoded = new ByteSink();
  private int runValue;
  private long runLength;
  private int listed;
  private int rows;
  private int values;
  private long endedBytes;
  private boolean hasDictionary;

  MaskColumn(ColumnPages pages) {
    this.pages = pages;
  }

  /** Adds {@code count} equal values to the list of the row that is being filled. */
  public void add(boolean one, int count) {
    int value = one ? 1 : 0;
    if (value != runValue) {
      endRun();
      runValue = value;
    }
    runLength += count;
    listed += count;
  }

  /** Ends the list; every row has one, which may be empty. */
  public void endList() {
    pages.repetition().add(0, 1);
    pages.repetition().add(1, Math.max(0, listed - 1));
    pages.definition().add(listed == 0 ? 0 : 1, Math.max(1, listed));
    values += Math.max(1, listed); // an empty list takes one place in the levels
    listed = 0;
    rows++;
    if (values >= PAGE_VALUES) {
      endPage();
    }
  }

  private void endRun() {
    if (runLength > 0) {
      if (encoded.size() == 0) {
        encoded.putByte(1); // bits of an index
      }
      encoded.putVarint(runLength << 1);
      encoded.putByte(runValue);
      runLength = 0;
    }
  }

  private void endPage() {
    endRun();
    if (encoded.size() == 0) {
      encoded.putByte(1); // lists that are all empty
    }
    if (!hasDictionary) {
      ByteSink entries = new ByteSink();
      entries.putInt(0);
      entries.putInt(1);
      pages.dictionary(entries, 2);
      hasDictionary = true;
    }
    pages.endPage(encoded, Encoding.RLE_DICTIONARY, values, rows, pages.newStatistics());
    endedBytes += encoded.size();
    encoded.clear();
    values = 0;
    rows = 0;
  }

  @Override
  public long bufferedBytes() {
    return endedBytes + encoded.size();
  }

  @Override
  public void writeTo(ParquetFileWriter file) throws IOException {
    if (rows > 0) {
      endPage();
    }
    pages.writeTo(file);
    endedBytes = 0;
    hasDictionary = false;
  }
}
