package org.merganser.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.file.PageCodecs;

/**
 * Checks each page of a row group before it is read: its levels and values must take exactly its
 * bytes. If a flipped bit in the footer makes an optional column a required one, Parquet's reader
 * would read levels as values and ignore the rest of each page. A check reads the runs of levels
 * and the lengths of strings, and copies nothing.
 *
 * @param mostValuesOfARow the maximum of values that a column may have in a row; more are taken for
 *     damage: a few bytes of levels may mean a list of a billion values, which Parquet's records
 *     would hold in memory
 */
public record CheckedPages(PageReadStore pages, long mostValuesOfARow) implements PageReadStore {
  /**
   * The maximum if rows become records: each value of a record takes some hundred bytes of memory.
   */
  public static final long MOST_VALUES_OF_A_RECORD = 1 << 20;

  /** Bytes that a writer may leave after indexes into a dictionary: an empty run. */
  private static final int EMPTY_RUN_BYTES = 2;

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    return new Column(column, pages.getPageReader(column));
  }

  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  /** The pages of a column, each checked when it is read. */
  private final class Column implements PageReader {
    private final ColumnDescriptor column;
    private final PageReader pagesOfColumn;

    /** The rows that have begun in the pages so far. */
    private long rows;

    /** Values so far of the row that the next page may continue; 0 before the first one. */
    private long valuesOfRow;

    Column(ColumnDescriptor column, PageReader pagesOfColumn) {
      this.column = column;
      this.pagesOfColumn = pagesOfColumn;
    }

    @Override
    public long getTotalValueCount() {
      return pagesOfColumn.getTotalValueCount();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      DictionaryPage page = pagesOfColumn.readDictionaryPage();
      if (page != null) {
        ByteBuffer in = PageParts.bytes(page.getBytes(), page.getUncompressedSize());
        requireExactBytes(() -> bytesAfterPlain(in, page.getDictionarySize()));
      }
      return page;
    }

    @Override
    public @Nullable DataPage readPage() {
      DataPage page = pagesOfColumn.readPage();
      if (page != null) {
        requireExactBytes(() -> bytesAfterValues(page));
      }
      return page;
    }

    /** The bytes after the values of a page, whose levels are checked. */
    private long bytesAfterValues(DataPage page) {
      PageParts parts = PageParts.of(page, column);
      checkRows(parts.repetition(), column.getMaxRepetitionLevel(), parts.count());
      int values = countValues(parts.definition(), column.getMaxDefinitionLevel(), parts.count());
      return bytesAfter(parts.values(), parts.encoding(), values);
    }

    /** Checks that no bytes are left after the values of a page, and none are missing. */
    private void requireExactBytes(LongSupplier bytesLeft) {
      try {
        requireNone(bytesLeft.getAsLong());
      } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw damaged("a page ends before its values", e);
      }
    }

    /**
     * Checks the repetition levels of a page: the number of rows, and of values in each.
     *
     * @param most the highest level of the column; 0 if the page has no levels
     * @param count the number of levels
     */
    private void checkRows(ByteBuffer levels, int most, int count) {
      if (most == 0) {
        requireNone(levels.remaining());
        return;
      }
      LevelReader runs = new LevelReader(most);
      runs.begin(levels);
      int left = count;
      while (left > 0) {
        boolean beginsRows = runs.level() == 0;
        if (!beginsRows && valuesOfRow == 0) {
          throw damaged("its first value is in the middle of a row", null);
        }
        int run = Math.min(left, runs.length());
        if (beginsRows) {
          rows += run;
          valuesOfRow = 1;
        } else {
          valuesOfRow += run;
        }
        if (rows > getRowCount()) {
          throw damaged("it has more rows than its row group, " + getRowCount(), null);
        }
        if (valuesOfRow > mostValuesOfARow) {
          throw damaged("a row has more than " + mostValuesOfARow + " values", null);
        }
        runs.skip(run);
        left -= run;
      }
      requireNone(runs.bytesLeft());
    }

    /**
     * Counts the entries that have a value: those with the highest definition level.
     *
     * @param most the highest level of the column; 0 if the page has no levels and each entry a
     *     value
     * @param count the number of levels
     */
    private int countValues(ByteBuffer levels, int most, int count) {
      if (most == 0) {
        requireNone(levels.remaining());
        return count;
      }
      LevelReader runs = new LevelReader(most);
      runs.begin(levels);
      int values = 0;
      int left = count;
      while (left > 0) {
        int level = runs.level();
        int run = Math.min(left, runs.length());
        values += level == most ? run : 0;
        runs.skip(run);
        left -= run;
      }
      requireNone(runs.bytesLeft());
      return values;
    }

    /** The bytes after the values of a page; negative if some are missing. */
    private long bytesAfter(ByteBuffer in, Encoding encoding, int values) {
      if (values == 0 && in.remaining() <= EMPTY_RUN_BYTES) {
        return 0;
      }
      return switch (encoding) {
        case PLAIN, BYTE_STREAM_SPLIT -> bytesAfterPlain(in, values);
        case PLAIN_DICTIONARY, RLE_DICTIONARY -> bytesAfterIndexes(in, values);
        case DELTA_BINARY_PACKED -> {
          deltas(in, values); // checks the header; a reader of deltas checks the rest
          yield 0;
        }
        case DELTA_LENGTH_BYTE_ARRAY -> bytesAfterLengths(in, values);
        case DELTA_BYTE_ARRAY -> bytesAfterSharedPrefixes(in, values);
        default -> 0; // booleans, after a length that their reader checks
      };
    }

    /** The bytes after values of the column's type that are encoded as PLAIN. */
    private long bytesAfterPlain(ByteBuffer in, int values) {
      PrimitiveType type = column.getPrimitiveType();
      long bits =
          switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> 1;
            case INT32, FLOAT -> 32;
            case INT64, DOUBLE -> 64;
            case INT96 -> 96;
            case FIXED_LEN_BYTE_ARRAY -> 8L * type.getTypeLength();
            case BINARY -> {
              for (int i = 0; i < values; i++) {
                int length = in.getInt();
                in.position(Math.addExact(in.position(), length));
              }
              yield 0; // the position is after the values already
            }
          };
      return in.remaining() - (bits * values + 7) / 8;
    }

    /**
     * The bytes after indexes into a dictionary, which are a byte with their width, then bit-packed
     * runs of eight values each and repeated runs.
     */
    private static long bytesAfterIndexes(ByteBuffer in, int values) {
      int width = in.get();
      long seen = 0;
      while (seen < values) {
        int header = LevelReader.varint(in);
        boolean packed = (header & 1) == 1;
        int run = header >>> 1;
        if (run == 0) {
          return in.remaining() + 1L; // an empty run never ends
        }
        seen += packed ? 8L * run : run;
        long bytes = packed ? (long) run * width : (width + 7) / 8;
        in.position((int) Math.min(in.limit(), in.position() + bytes)); // the last may be truncated
      }
      return Math.max(0, in.remaining() - EMPTY_RUN_BYTES);
    }

    /**
     * Reads the header of deltas.
     *
     * @throws ParquetDecodingException if they have too many values for the array that Parquet's
     *     reader makes of them
     */
    private static DeltaReader deltas(ByteBuffer in, int values) {
      if ((long) values * Long.BYTES > PageCodecs.MAX_PAGE_BYTES) {
        throw new ParquetDecodingException(
            "a page of %s deltas; %s are allowed"
                .formatted(values, PageCodecs.MAX_PAGE_BYTES / Long.BYTES));
      }
      return new DeltaReader(in, values);
    }

    /** The bytes after texts, which are their lengths as deltas, then their bytes. */
    private static long bytesAfterLengths(ByteBuffer in, int values) {
      DeltaReader lengths = deltas(in, values);
      long total = 0;
      for (int i = 0; i < values; i++) {
        total += lengths.nextLength();
      }
      lengths.finish();
      return Math.min(0, in.remaining() - total);
    }

    /**
     * The bytes after texts of which each is a prefix of the one before and a rest. They are the
     * lengths of the prefixes, then the lengths of the rests, both as deltas, then the bytes of the
     * rests. Few bytes may mean very many, so the total is bounded.
     */
    private static long bytesAfterSharedPrefixes(ByteBuffer in, int values) {
      DeltaReader prefixes = deltas(in.duplicate(), values);
      DeltaReader skipped = deltas(in, values);
      for (int i = 0; i < values; i++) {
        skipped.nextLength();
      }
      skipped.finish();
      DeltaReader rests = deltas(in, values);
      long stored = 0;
      long total = 0;
      long previous = 0;
      for (int i = 0; i < values; i++) {
        int prefix = prefixes.nextLength();
        int rest = rests.nextLength();
        if (prefix > previous) {
          throw new ParquetDecodingException(
              "a value begins with %s bytes of one of %s".formatted(prefix, previous));
        }
        previous = (long) prefix + rest;
        stored += rest;
        total += previous;
      }
      if (total > PageCodecs.MAX_PAGE_BYTES) {
        throw new ParquetDecodingException(
            "a page means %s bytes; %s are allowed".formatted(total, PageCodecs.MAX_PAGE_BYTES));
      }
      rests.finish();
      return Math.min(0, in.remaining() - stored);
    }

    private void requireNone(long bytesLeft) {
      if (bytesLeft != 0) {
        throw damaged(
            "a page has %s bytes %s its values"
                .formatted(Math.abs(bytesLeft), bytesLeft > 0 ? "after" : "too few for"),
            null);
      }
    }

    private ParquetDecodingException damaged(String what, @Nullable Exception cause) {
      String name = String.join(".", column.getPath());
      return new ParquetDecodingException("column " + name + ": " + what, cause);
    }
  }
}
