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
 * would read levels as values and ignore the rest of each page. Costs a look at the runs of levels
 * and the lengths of strings; copies nothing.
 *
 * @param mostValuesOfARow a row with more values in a column is damage: a few bytes of levels may
 *     mean a list of a billion values, which Parquet's records would hold in memory
 */
public record CheckedPages(PageReadStore pages, long mostValuesOfARow) implements PageReadStore {
  /**
   * Of rows that become records, whose values take some hundred bytes of memory each: 1,048,576.
   */
  public static final long MOST_VALUES_OF_A_RECORD = 1 << 20;

  /** Bytes that a writer may leave after indexes into a dictionary: an empty run. */
  private static final int SPARE = 2;

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    return new Column(column, pages.getPageReader(column));
  }

  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  private final class Column implements PageReader {
    private final ColumnDescriptor column;
    private final PageReader values;
    private long rows;

    /** Values so far of the row that the next page may continue; 0 before the first one. */
    private long valuesOfRow;

    Column(ColumnDescriptor column, PageReader values) {
      this.column = column;
      this.values = values;
    }

    @Override
    public long getTotalValueCount() {
      return values.getTotalValueCount();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      DictionaryPage page = values.readDictionaryPage();
      if (page != null) {
        ByteBuffer in = PageParts.bytes(page.getBytes(), page.getUncompressedSize());
        checked(() -> plain(in, page.getDictionarySize()));
      }
      return page;
    }

    @Override
    public @Nullable DataPage readPage() {
      DataPage page = values.readPage();
      if (page != null) {
        checked(
            () -> {
              PageParts parts = PageParts.of(page, column);
              checkRows(parts.repetition(), column.getMaxRepetitionLevel(), parts.count());
              return bytesAfter(
                  parts.values(),
                  parts.encoding(),
                  highest(parts.definition(), column.getMaxDefinitionLevel(), parts.count()));
            });
      }
      return page;
    }

    /** Checks that no bytes are left after the values of a page, and none are missing. */
    private void checked(LongSupplier bytesLeft) {
      try {
        require(bytesLeft.getAsLong());
      } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw damaged("a page ends before its values", e);
      }
    }

    private void checkRows(ByteBuffer levels, int most, int count) {
      if (most == 0) {
        require(levels.remaining());
        return;
      }
      LevelReader runs = new LevelReader(most);
      runs.begin(levels);
      for (int left = count; left > 0; ) {
        boolean row = runs.level() == 0;
        if (!row && valuesOfRow == 0) {
          throw damaged("its first value is in the middle of a row", null);
        }
        int run = Math.min(left, runs.length());
        if (row) {
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
      require(runs.bytesLeft());
    }

    private int highest(ByteBuffer levels, int most, int count) {
      if (most == 0) {
        require(levels.remaining());
        return count;
      }
      LevelReader runs = new LevelReader(most);
      runs.begin(levels);
      int highest = 0;
      for (int left = count; left > 0; ) {
        int level = runs.level();
        int run = Math.min(left, runs.length());
        highest += level == most ? run : 0;
        runs.skip(run);
        left -= run;
      }
      require(runs.bytesLeft());
      return highest;
    }

    /** The bytes after the values of a page; negative if some are missing. */
    private long bytesAfter(ByteBuffer in, Encoding encoding, int values) {
      if (values == 0 && in.remaining() <= SPARE) {
        return 0;
      }
      return switch (encoding) {
        case PLAIN, BYTE_STREAM_SPLIT -> plain(in, values);
        case PLAIN_DICTIONARY, RLE_DICTIONARY -> indexes(in, values);
        case DELTA_BINARY_PACKED -> {
          deltas(in, values);
          yield 0;
        }
        case DELTA_LENGTH_BYTE_ARRAY -> lengths(in, values);
        case DELTA_BYTE_ARRAY -> sharedPrefixes(in, values);
        default -> 0; // booleans, after a length that their reader checks
      };
    }

    /** Deltas of so many values, of which Parquet's reader makes an array. */
    private static DeltaReader deltas(ByteBuffer in, int values) {
      if ((long) values * Long.BYTES > PageCodecs.MAX_PAGE_BYTES) {
        throw new ParquetDecodingException(
            "a page of %s deltas; %s are allowed"
                .formatted(values, PageCodecs.MAX_PAGE_BYTES / Long.BYTES));
      }
      return new DeltaReader(in, values);
    }

    private static long lengths(ByteBuffer in, int values) {
      DeltaReader lengths = deltas(in, values);
      long total = 0;
      for (int i = 0; i < values; i++) {
        total += lengths.nextLength();
      }
      lengths.finish();
      return Math.min(0, in.remaining() - total);
    }

    /** Each value is a beginning of the one before and a rest: few bytes may mean very many. */
    private static long sharedPrefixes(ByteBuffer in, int values) {
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

    private long plain(ByteBuffer in, int values) {
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
              yield 0;
            }
          };
      return in.remaining() - (bits * values + 7) / 8;
    }

    private static long indexes(ByteBuffer in, int values) {
      int width = in.get();
      for (long seen = 0; seen < values; ) {
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
      return Math.max(0, in.remaining() - SPARE);
    }

    private void require(long bytesLeft) {
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
