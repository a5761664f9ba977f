package org.merganser.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.jspecify.annotations.Nullable;

/**
 * Checks each page of a row group before it is read: its levels must take exactly their bytes, and
 * its values all others, as far as {@link EncodedValues} can tell. If a flipped bit in the footer
 * makes an optional column a required one, Parquet's reader would read levels as values and ignore
 * the rest of each page. A check reads the runs of levels and the lengths of strings, and copies
 * nothing.
 *
 * @param pages the pages of the row group, which are not checked
 * @param mostValuesOfARow the most values that a column may have in a row; more are taken for
 *     damage, since a few bytes of levels may mean a list of a billion values, which Parquet's
 *     records would hold in memory
 */
public record CheckedPages(PageReadStore pages, long mostValuesOfARow) implements PageReadStore {
  /**
   * The {@link #mostValuesOfARow} if rows become records: each value of a record takes some hundred
   * bytes of memory.
   */
  public static final long MOST_VALUES_OF_A_RECORD = 1 << 20;

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
        requireExactBytes(
            () ->
                EncodedValues.bytesAfterPlain(
                    column.getPrimitiveType(), in, page.getDictionarySize()));
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

    /** Checks the levels of a page, and returns the bytes after its values. */
    private long bytesAfterValues(DataPage page) {
      PageParts parts = PageParts.of(page, column);
      checkRows(parts.repetition(), column.getMaxRepetitionLevel(), parts.count());
      int values = countValues(parts.definition(), column.getMaxDefinitionLevel(), parts.count());
      return EncodedValues.bytesAfter(
          column.getPrimitiveType(), parts.encoding(), parts.values(), values);
    }

    /**
     * Checks that no bytes are left after the values of a page, and none are missing.
     *
     * @param bytesLeft finds the bytes after the values, or throws at the end of the page
     */
    private void requireExactBytes(LongSupplier bytesLeft) {
      try {
        requireNone(bytesLeft.getAsLong());
      } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new ParquetDecodingException(problem("a page ends before its values"), e);
      }
    }

    /**
     * Checks the repetition levels of a page: the number of rows, and of values in each.
     *
     * @param highest the highest level of the column; 0 if the page has no levels
     * @param count the number of levels
     */
    private void checkRows(ByteBuffer levels, int highest, int count) {
      if (highest == 0) {
        requireNone(levels.remaining());
        return;
      }
      LevelReader runs = new LevelReader(highest);
      runs.begin(levels);
      int left = count;
      while (left > 0) {
        boolean beginsRows = runs.level() == 0;
        if (!beginsRows && valuesOfRow == 0) {
          throw damaged("its first value is in the middle of a row");
        }
        int run = Math.min(left, runs.length());
        if (beginsRows) {
          rows += run;
          valuesOfRow = 1;
        } else {
          valuesOfRow += run;
        }
        if (rows > getRowCount()) {
          throw damaged("it has more rows than its row group, " + getRowCount());
        }
        if (valuesOfRow > mostValuesOfARow) {
          throw damaged("a row has more than " + mostValuesOfARow + " values");
        }
        runs.skip(run);
        left -= run;
      }
      requireNone(runs.bytesLeft());
    }

    /**
     * Checks the definition levels of a page, and counts the entries that have a value: those with
     * the highest level.
     *
     * @param highest the highest level of the column; 0 if the page has no levels and each entry a
     *     value
     * @param count the number of levels
     */
    private int countValues(ByteBuffer levels, int highest, int count) {
      if (highest == 0) {
        requireNone(levels.remaining());
        return count;
      }
      LevelReader runs = new LevelReader(highest);
      runs.begin(levels);
      int values = 0;
      int left = count;
      while (left > 0) {
        boolean haveValues = runs.level() == highest;
        int run = Math.min(left, runs.length());
        if (haveValues) {
          values += run;
        }
        runs.skip(run);
        left -= run;
      }
      requireNone(runs.bytesLeft());
      return values;
    }

    private void requireNone(long bytesLeft) {
      if (bytesLeft != 0) {
        throw damaged(
            "a page has %s bytes %s its values"
                .formatted(Math.abs(bytesLeft), bytesLeft > 0 ? "after" : "too few for"));
      }
    }

    private ParquetDecodingException damaged(String what) {
      return new ParquetDecodingException(problem(what));
    }

    private String problem(String what) {
      return "column " + String.join(".", column.getPath()) + ": " + what;
    }
  }
}
