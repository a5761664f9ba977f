package org.merganser.parquet;

import static org.merganser.binary.LittleEndian.LONG;
import static org.merganser.binary.LittleEndian.SHORT;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.merganser.binary.ByteBuilder;

/**
 * A column of id lists. A row group's ids are kept in an array for each page, and encoded at the
 * end of the row group, when the distinct ids are known, either as
 *
 * <ul>
 *   <li>a dictionary of the distinct ids in ascending order, and indexes packed in 1, 2 or 3 whole
 *       bytes. Bytes, because zstd works on bytes: on 980,000 ids of prose and code (vocabulary
 *       32,000, zstd level 1) 16-bit indexes take 1.10 bytes an id, plain 32-bit ids 1.15, the
 *       usual 15-bit packing 1.48. Every reader supports every width, which the page names.
 *   <li>plain ids, if they are smaller, as in a small shard, if an id is negative, like labels that
 *       are not predicted, or if one is too large ({@value #FIRST_PLAIN_ID} or more).
 * </ul>
 */
public final class IdListColumn implements ColumnarWriter.Column {
  /** The first id that is too large for a dictionary; with it or more, all ids are plain. */
  private static final int FIRST_PLAIN_ID = 1 << 24;

  /** The maximum length of an array that every JVM can allocate. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  /** A page ends with the row that brings it to this many ids, most of which take two bytes. */
  private static final int PAGE_IDS = ColumnPages.PAGE_BYTES / Short.BYTES;

  private final ColumnPages pages;
  private final ByteBuilder encoded = new ByteBuilder(256);

  /** The pages of the row group that have ended. */
  private final List<PageIds> endedPages = new ArrayList<>();

  /** The number of ids in {@link #endedPages}. */
  private long endedIds;

  /** The ids of the current page, {@code [0, size)}. */
  private int[] ids = new int[1024];

  /** The number of ids in the current page. */
  private int size;

  /** The lengths of the row group's lists, {@code [0, rows)}. */
  private int[] lengths = new int[64];

  /** The number of rows in the row group. */
  private int rows;

  /** The minimum of the ids in the current page. */
  private int min = Integer.MAX_VALUE;

  /** The maximum of the ids in the current page. */
  private int max = Integer.MIN_VALUE;

  /** By id: 1 if it occurs in the row group. */
  private byte[] occurs = {};

  /** By id that occurs in the row group: its place in the dictionary. */
  private int[] index = {};

  /** Whether the row group has an id that a dictionary cannot have, so all ids are plain. */
  private boolean plain;

  /** The bytes of an index into the dictionary. */
  private int indexWidth;

  /**
   * A page that has ended.
   *
   * @param ids its ids, {@code [0, size)}
   * @param endRow the index in the row group of the row after its last one
   * @param min the minimum of the ids, {@link Integer#MAX_VALUE} without any
   * @param max the maximum of the ids, {@link Integer#MIN_VALUE} without any
   */
  private record PageIds(int[] ids, int size, int endRow, int min, int max) {}

  IdListColumn(ColumnPages pages) {
    this.pages = pages;
  }

  /** Adds a row: the list of the first {@code count} ids of an array. */
  public void add(int[] row, int count) {
    if ((long) size + count > ids.length) {
      boolean endsPage = (long) size + count >= PAGE_IDS;
      int capacity = endsPage ? 0 : ids.length; // a page that ends needs no room for more ids
      ids = Arrays.copyOf(ids, grown(size, count, capacity));
    }
    System.arraycopy(row, 0, ids, size, count);
    widenBounds(row, count); // now, while the row is in the processor's nearest cache
    markOccurring(row, count);
    size += count;
    if (rows == lengths.length) {
      lengths = Arrays.copyOf(lengths, grown(rows, 1, lengths.length));
    }
    lengths[rows++] = count;
    if (size >= PAGE_IDS) {
      endPage();
      ids = new int[PAGE_IDS + PAGE_IDS / 8]; // with room for most rows that end a page
    }
  }

  /**
   * Widens the bounds of the page to the ids of a row. Few ids widen them, so a branch costs less
   * than the minimum and maximum with each id.
   */
  private void widenBounds(int[] row, int count) {
    int least = min;
    int most = max;
    for (int i = 0; i < count; i++) {
      int id = row[i];
      if (id < least) {
        least = id;
      }
      if (id > most) {
        most = id;
      }
    }
    min = least;
    max = most;
  }

  /** Marks the ids of a row as occurring; call after {@link #widenBounds}, whose bounds it uses. */
  private void markOccurring(int[] row, int count) {
    plain |= min < 0 || max >= FIRST_PLAIN_ID;
    if (plain || count == 0) {
      return;
    }
    if (max >= occurs.length) {
      occurs = Arrays.copyOf(occurs, Math.max(max + 1, Math.min(FIRST_PLAIN_ID, 2 * max)));
    }
    byte[] marked = occurs;
    for (int i = 0; i < count; i++) {
      marked[row[i]] = 1;
    }
  }

  /**
   * The new length of an array that must have room for {@code size + more} ints: at least twice its
   * {@code capacity}, so that copying costs little.
   */
  private static int grown(int size, int more, int capacity) {
    long needed = (long) size + more;
    if (needed > MAX_ARRAY) {
      throw new OutOfMemoryError(needed + " ids do not fit one page");
    }
    return (int) Math.min(MAX_ARRAY, Math.max(needed, 2L * capacity));
  }

  @Override
  public long bufferedBytes() {
    return 4L * (endedIds + size);
  }

  /** Moves the ids of the page to {@link #endedPages}; the caller replaces the array. */
  private void endPage() {
    endedPages.add(new PageIds(ids, size, rows, min, max));
    endedIds += size;
    size = 0;
    min = Integer.MAX_VALUE;
    max = Integer.MIN_VALUE;
  }

  @Override
  public void writeTo(ParquetFileWriter file) throws IOException {
    if (endedPages.isEmpty() || endedPages.get(endedPages.size() - 1).endRow() < rows) {
      endPage();
    }
    boolean indexed = !plain && encodeDictionary();
    int firstRow = 0;
    for (PageIds page : endedPages) {
      encodePage(page, firstRow, indexed);
      firstRow = page.endRow();
    }
    pages.writeTo(file);
    endedPages.clear();
    endedIds = 0;
    rows = 0;
    plain = false;
    Arrays.fill(occurs, (byte) 0);
  }

  /**
   * Adds the dictionary and sets the index of each id in it; returns false, without a dictionary,
   * if plain ids are smaller.
   */
  private boolean encodeDictionary() {
    encoded.clear();
    if (index.length < occurs.length) {
      index = new int[occurs.length];
    }
    int distinct = 0;
    for (int id = 0; id < occurs.length; id++) {
      if (occurs[id] != 0) {
        index[id] = distinct++;
        encoded.appendInt(id);
      }
    }
    int width = indexWidth(distinct);
    if ((long) width * endedIds + 4L * distinct >= 4L * endedIds) {
      return false;
    }
    pages.addDictionary(encoded, distinct);
    indexWidth = width;
    return true;
  }

  /** The bytes of an index into a dictionary of {@code distinct} ids, of which 3 are enough. */
  private static int indexWidth(int distinct) {
    if (distinct <= 1 << 8) {
      return 1;
    }
    return distinct <= 1 << 16 ? 2 : 3;
  }

  /**
   * Adds the levels and the ids of a page to {@link #pages}.
   *
   * @param firstRow the index of its first row in the row group
   * @param indexed whether ids are written as indexes into the dictionary
   */
  private void encodePage(PageIds page, int firstRow, boolean indexed) {
    int values = 0;
    for (int row = firstRow; row < page.endRow(); row++) {
      values += pages.addList(lengths[row], 0);
    }
    encoded.clear();
    if (indexed) {
      encodeIndexes(page.ids(), page.size());
    } else {
      for (int i = 0; i < page.size(); i++) {
        encoded.appendInt(page.ids()[i]);
      }
    }
    Statistics<?> statistics = pages.newStatistics();
    if (page.size() > 0) {
      statistics.updateStats(page.min());
      statistics.updateStats(page.max());
    }
    statistics.incrementNumNulls(values - page.size());
    Encoding encoding = indexed ? Encoding.RLE_DICTIONARY : Encoding.PLAIN;
    pages.endPage(encoded, encoding, values, page.endRow() - firstRow, statistics);
  }

  /**
   * Encodes the indexes of {@code page[0, count)} as one bit-packed run: the width in bits, then
   * {@code varint((groups of 8 values << 1) | 1)}, then the values. The last group is padded with
   * zeros.
   */
  private void encodeIndexes(int[] page, int count) {
    encoded.append((byte) (8 * indexWidth));
    int groups = (int) ((count + 7L) / 8);
    if (groups == 0) {
      return;
    }
    encoded.appendVarint(((long) groups << 1) | 1);
    int bytes = Math.multiplyExact(groups, 8 * indexWidth);
    encoded.ensure(Math.addExact(bytes, Long.BYTES));
    int at = encoded.length();
    encoded.setLength(at + bytes);
    byte[] to = encoded.bytes();
    int[] places = index;
    if (indexWidth == Short.BYTES) {
      for (int i = 0; i < count; i++) {
        SHORT.set(to, at, (short) places[page[i]]);
        at += Short.BYTES;
      }
    } else {
      for (int i = 0; i < count; i++) {
        LONG.set(to, at, (long) places[page[i]]); // the next index overwrites the zeros of this one
        at += indexWidth;
      }
    }
    Arrays.fill(encoded.bytes(), at, encoded.length(), (byte) 0);
  }
}
