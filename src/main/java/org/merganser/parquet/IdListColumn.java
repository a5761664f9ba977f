package org.merganser.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.merganser.text.unicode.ByteBuilder;

/**
 * A column of id lists. A row group's ids are kept as they are and encoded at its end, when the
 * distinct ids are known:
 *
 * <ul>
 *   <li>a dictionary of the distinct ids in ascending order, and indexes packed in 1, 2 or 3 whole
 *       bytes. Whole bytes, because zstd sees bytes: on 980,000 ids of prose and code (vocabulary
 *       32,000, zstd level 1) 16-bit indexes came to 1.10 bytes an id, plain 32-bit ids to 1.15,
 *       the usual 15-bit packing to 1.48. Every reader supports every width, since the page has the
 *       width.
 *   <li>or plain ids where that is smaller, as in a small shard, or where an id is negative, as
 *       labels that are not predicted are.
 * </ul>
 */
public final class IdListColumn implements ColumnarWriter.Column {
  /** Above this largest id no table of indexes is kept; ids are written plain. */
  private static final int MAX_DICTIONARY_ID = 1 << 24;

  private final ColumnPages pages;
  private final ByteBuilder encoded = new ByteBuilder(256);
  private int[] ids = new int[1024];
  private int size;
  private int[] lengths = new int[64];
  private int rows;
  private int indexWidth;

  IdListColumn(ColumnPages pages) {
    this.pages = pages;
  }

  /** Adds the list {@code row[0, count)}. */
  public void add(int[] row, int count) {
    if ((long) size + count > ids.length) {
      ids = Arrays.copyOf(ids, grown(size, count, ids.length));
    }
    System.arraycopy(row, 0, ids, size, count);
    size += count;
    if (rows == lengths.length) {
      lengths = Arrays.copyOf(lengths, grown(rows, 1, lengths.length));
    }
    lengths[rows++] = count;
  }

  private static int grown(int size, int more, int capacity) {
    long needed = (long) size + more;
    if (needed > Integer.MAX_VALUE - 16) {
      throw new OutOfMemoryError(needed + " ids do not fit one row group");
    }
    return (int) Math.min(Integer.MAX_VALUE - 16L, Math.max(needed, 2L * capacity));
  }

  @Override
  public long bufferedBytes() {
    return 4L * size;
  }

  @Override
  public void writeTo(ParquetFileWriter file) throws IOException {
    int[] index = dictionary();
    int from = 0;
    int firstRow = 0;
    int at = 0;
    int pageIds = ColumnPages.PAGE_BYTES / 2;
    for (int row = 0; row < rows; row++) {
      at += lengths[row];
      if (at - from >= pageIds || row == rows - 1) {
        page(from, at, firstRow, row + 1, index);
        from = at;
        firstRow = row + 1;
      }
    }
    pages.writeTo(file);
    size = 0;
    rows = 0;
  }

  /** Sets the dictionary and returns each id's index; an empty array for plain pages. */
  private int[] dictionary() {
    int max = -1;
    int signs = 0;
    for (int i = 0; i < size; i++) {
      max = Math.max(max, ids[i]);
      signs |= ids[i];
    }
    if (signs < 0 || max < 0 || max >= MAX_DICTIONARY_ID) {
      return new int[0];
    }
    int[] index = new int[max + 1];
    for (int i = 0; i < size; i++) {
      index[ids[i]] = 1;
    }
    encoded.clear();
    int distinct = 0;
    for (int id = 0; id <= max; id++) {
      if (index[id] != 0) {
        index[id] = distinct++;
        encoded.appendInt(id);
      }
    }
    if ((long) width(distinct) * size + 4L * distinct >= 4L * size) {
      return new int[0];
    }
    pages.dictionary(encoded, distinct);
    indexWidth = width(distinct);
    return index;
  }

  /** Whole bytes that hold the indexes of {@code distinct} entries. */
  private static int width(int distinct) {
    return distinct <= 1 << 8 ? 1 : distinct <= 1 << 16 ? 2 : 3;
  }

  private void page(int from, int to, int firstRow, int endRow, int[] index) {
    int values = 0;
    for (int row = firstRow; row < endRow; row++) {
      values += pages.addList(lengths[row]);
    }
    encoded.clear();
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = from; i < to; i++) {
      int id = ids[i];
      min = Math.min(min, id);
      max = Math.max(max, id);
      if (index.length == 0) {
        encoded.appendInt(id);
      } else {
        ids[i] = index[id];
      }
    }
    if (index.length > 0) {
      encodeIndexes(from, to);
    }
    Statistics<?> statistics = pages.newStatistics();
    if (to > from) {
      statistics.updateStats(min);
      statistics.updateStats(max);
    }
    statistics.incrementNumNulls(values - (to - from));
    Encoding encoding = index.length == 0 ? Encoding.PLAIN : Encoding.RLE_DICTIONARY;
    pages.endPage(encoded, encoding, values, endRow - firstRow, statistics);
  }

  /**
   * Writes one bit-packed run of the indexes in {@code ids[from, to)}: {@code width in bits,
   * varint(groups of 8 << 1 | 1), values}; the last group is filled up with zeros.
   */
  private void encodeIndexes(int from, int to) {
    encoded.append((byte) (8 * indexWidth));
    int groups = (int) ((to - from + 7L) / 8);
    if (groups == 0) {
      return;
    }
    encoded.appendVarint((long) groups << 1 | 1);
    int at = encoded.reserve(Math.multiplyExact(groups, 8 * indexWidth));
    int whole = to - (to - from) % 8;
    for (int i = from; i < whole; i += 8) {
      packGroup(ids, i, at);
      at += 8 * indexWidth;
    }
    if (whole < to) {
      int[] last = new int[8];
      System.arraycopy(ids, whole, last, 0, to - whole);
      packGroup(last, 0, at);
    }
  }

  /** Packs eight indexes into as many longs as an index has bytes, little-endian like all of it. */
  private void packGroup(int[] values, int from, int at) {
    long a = values[from];
    long b = values[from + 1];
    long c = values[from + 2];
    long d = values[from + 3];
    long e = values[from + 4];
    long f = values[from + 5];
    long g = values[from + 6];
    long h = values[from + 7];
    switch (indexWidth) {
      case 1 ->
          encoded.setLong(
              at, a | b << 8 | c << 16 | d << 24 | e << 32 | f << 40 | g << 48 | h << 56);
      case 2 -> {
        encoded.setLong(at, a | b << 16 | c << 32 | d << 48);
        encoded.setLong(at + 8, e | f << 16 | g << 32 | h << 48);
      }
      default -> {
        encoded.setLong(at, a | b << 24 | c << 48);
        encoded.setLong(at + 8, c >>> 16 | d << 8 | e << 32 | f << 56);
        encoded.setLong(at + 16, f >>> 8 | g << 16 | h << 40);
      }
    }
  }
}
