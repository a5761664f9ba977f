package org.merganser.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;

/**
 * The compressed pages of one column in one row group, kept until the row group is written, because
 * a file has the columns of a row group in sequence. Data pages are of version 1, which every
 * reader supports, and have complete rows.
 */
final class ColumnPages {
  /** A page ends with the row that brings it to this many bytes, before compression. */
  static final int PAGE_BYTES = 512 * 1024;

  private final ColumnDescriptor column;
  private final ZstdCompressCtx zstd;

  /** The repetition levels of the current page. */
  private final LevelRuns repetition = new LevelRuns();

  /** The definition levels of the current page. */
  private final LevelRuns definition = new LevelRuns();

  /** The ended pages of the row group. */
  private final List<Page> pages = new ArrayList<>();

  /** Where the bytes of a page are joined. */
  private final ByteBuilder joined = new ByteBuilder(256);

  /** Where a page is compressed; its bytes are copied from there. */
  private byte[] compressed = {};

  /** The dictionary of the row group; null if there is none. */
  private @Nullable DictionaryPage dictionary;

  /** The values in {@link #pages}; a null and an empty list count as one. */
  private long values;

  /**
   * A data page that has ended.
   *
   * @param compressed its bytes
   * @param uncompressed its size before compression
   * @param valueCount the number of its values; a null and an empty list count as one
   * @param rows the number of its rows
   * @param statistics the statistics of its values
   * @param encoding the encoding of its values
   */
  private record Page(
      byte[] compressed,
      int uncompressed,
      int valueCount,
      int rows,
      Statistics<?> statistics,
      Encoding encoding) {}

  /**
   * @param zstd compresses the pages; all columns of a file share it
   */
  ColumnPages(ColumnDescriptor column, ZstdCompressCtx zstd) {
    this.column = column;
    this.zstd = zstd;
  }

  /** The column in the schema. */
  ColumnDescriptor column() {
    return column;
  }

  /** The definition levels of the current page. */
  LevelRuns definition() {
    return definition;
  }

  /**
   * Adds the levels of a list to the current page; the list itself must be required.
   *
   * @param entries the number of its entries
   * @param nulls how many of them, at its end, are null; 0 if entries are required
   * @return the number of levels, by which a page counts values: an empty list has one
   */
  int addList(int entries, int nulls) {
    int levels = Math.max(1, entries);
    int valueLevel = column.getMaxDefinitionLevel();
    repetition.add(0, 1);
    repetition.add(1, levels - 1);
    definition.add(entries == 0 ? 0 : valueLevel, levels - nulls);
    definition.add(valueLevel - 1, nulls);
    return levels;
  }

  /** Empty statistics of the column's type, for a page. */
  Statistics<?> newStatistics() {
    return Statistics.createStats(column.getPrimitiveType());
  }

  /** Whether the row group has a dictionary so far. */
  boolean hasDictionary() {
    return dictionary != null;
  }

  /** Adds the dictionary of the row group, whose entries are encoded as PLAIN. */
  void addDictionary(ByteBuilder plain, int entries) {
    dictionary =
        new DictionaryPage(
            BytesInput.from(compress(plain)), plain.length(), entries, Encoding.PLAIN);
  }

  /**
   * Ends the current page: the levels that were added, then the encoded values.
   *
   * @param encoded the values of the page in {@code encoding}, without nulls
   * @param valueCount the number of levels of a list column, else of rows
   */
  void endPage(
      ByteBuilder encoded, Encoding encoding, int valueCount, int rows, Statistics<?> statistics) {
    joined.clear();
    if (column.getMaxRepetitionLevel() > 0) {
      repetition.moveTo(joined);
    }
    if (column.getMaxDefinitionLevel() > 0) {
      definition.moveTo(joined);
    }
    joined.append(encoded.bytes(), 0, encoded.length());
    pages.add(new Page(compress(joined), joined.length(), valueCount, rows, statistics, encoding));
    values += valueCount;
  }

  /** Writes the column of the row group, and is empty afterwards. */
  void writeTo(ParquetFileWriter file) throws IOException {
    file.startColumn(column, values, CompressionCodecName.ZSTD);
    if (dictionary != null) {
      file.writeDictionaryPage(dictionary);
    }
    Encoding ofLevels = Encoding.RLE;
    for (Page page : pages) {
      file.writeDataPage(
          page.valueCount,
          page.uncompressed,
          BytesInput.from(page.compressed),
          page.statistics,
          page.rows,
          ofLevels,
          ofLevels,
          page.encoding);
    }
    file.endColumn();
    pages.clear();
    dictionary = null;
    values = 0;
  }

  private byte[] compress(ByteBuilder plain) {
    int maxSize = Math.toIntExact(Zstd.compressBound(plain.length()));
    if (maxSize > compressed.length) {
      compressed = new byte[maxSize];
    }
    int size =
        zstd.compressByteArray(compressed, 0, compressed.length, plain.bytes(), 0, plain.length());
    return Arrays.copyOf(compressed, size);
  }

  /**
   * Repetition or definition levels below 256, as the run-length part of Parquet's RLE/bit-packed
   * hybrid: a run is {@code varint(length << 1), level}. A list of n ids costs two runs, whatever
   * n. Example: levels 0 1 1 1 become {@code 02 00 06 01}.
   */
  static final class LevelRuns {
    private final ByteBuilder runs = new ByteBuilder(256);

    /** The level of the current run. */
    private int level;

    /** The length of the current run. */
    private long length;

    /** Adds a level {@code count} times. */
    void add(int newLevel, long count) {
      if (count == 0) {
        return;
      }
      if (newLevel != level) {
        endRun();
        level = newLevel;
      }
      length += count;
    }

    /** Appends the levels, length first, as in a page of version 1, and resets. */
    void moveTo(ByteBuilder page) {
      endRun();
      page.appendInt(runs.length());
      page.append(runs.bytes(), 0, runs.length());
      runs.clear();
    }

    private void endRun() {
      if (length > 0) {
        runs.appendVarint(length << 1);
        runs.append((byte) level);
        length = 0;
      }
    }
  }
}
