package org.merganser.parquet;

import java.util.Arrays;
import java.util.Objects;
import org.apache.commons.io.function.Uncheck;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.store.UnusableFileException;

/**
 * Reads a column of id lists from a row group's pages: those of {@link IdListColumn} and of other
 * writers, with an optional list or optional elements, in every encoding that Parquet's library
 * decodes. The length of a list comes from runs of levels, so that reading takes 8 ns an id; a
 * {@link org.apache.parquet.column.ColumnReader} reads a level for each id and takes 20 ns, a tenth
 * of the time of encoding.
 *
 * <p>Damaged pages end in a {@link RuntimeException}.
 */
public final class IdListReader {
  /**
   * The maximum number of ids that are read at once, for which the array grows before they are
   * read: damaged levels may name any number.
   */
  private static final int MAX_STEP = 1 << 16;

  /** The maximum length of an array that every JVM can allocate. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  /** The highest definition level: of an optional list, an entry of it, and an optional id. */
  private static final int MAX_LEVEL = 3;

  private final ColumnDescriptor column;
  private final PageReader pages;
  private final @Nullable Dictionary dictionary;
  private final LevelReader repetition = new LevelReader(1);
  private final LevelReader definition;

  /** The definition level of an id. */
  private final int idLevel;

  /** The lowest definition level of an entry of a list: that of a null if ids are optional. */
  private final int entryLevel;

  /** The list that was read last; the array may be longer. */
  private int[] ids = new int[0];

  /** The ids of the current page; null before the first one. */
  private @Nullable ValuesReader values;

  /** The entries of the current page that were not taken yet; an empty list has one. */
  private int left;

  /**
   * @param pages the pages of the column in one row group
   * @throws UnusableFileException if the column has no lists of 32-bit numbers
   */
  IdListReader(ColumnDescriptor column, PageReader pages) {
    PrimitiveType type = column.getPrimitiveType();
    idLevel = column.getMaxDefinitionLevel();
    if (column.getMaxRepetitionLevel() != 1
        || idLevel > MAX_LEVEL
        || type.getPrimitiveTypeName() != PrimitiveTypeName.INT32) {
      throw new UnusableFileException(
          ("column %s is %s with levels up to %s and %s, not a list of INT32; write"
                  + " the shard again")
              .formatted(
                  String.join(".", column.getPath()),
                  type,
                  column.getMaxRepetitionLevel(),
                  idLevel));
    }
    entryLevel = type.isRepetition(Type.Repetition.OPTIONAL) ? idLevel - 1 : idLevel;
    definition = new LevelReader(idLevel);
    this.column = column;
    this.pages = pages;
    DictionaryPage page = pages.readDictionaryPage();
    dictionary =
        page == null ? null : Uncheck.get(() -> page.getEncoding().initDictionary(column, page));
  }

  /** Reads the next list into {@link #ids} and returns its length. */
  public int read() {
    if (!hasEntry() || repetition.level() != 0) {
      throw new ParquetDecodingException("a row without a list of ids");
    }
    int count = take(1, 0);
    while (hasEntry() && repetition.level() == 1) {
      if (count == 0) {
        throw new ParquetDecodingException("a list that is empty and holds ids");
      }
      count = take(Math.min(Math.min(left, MAX_STEP), repetition.length()), count);
    }
    return count;
  }

  /** The list that was read last, at the beginning of an array that is reused. */
  public int[] ids() {
    return ids;
  }

  /** Whether there is another entry; opens the next page if the current one was taken. */
  private boolean hasEntry() {
    while (left == 0) {
      DataPage page = pages.readPage();
      if (page == null) {
        return false;
      }
      open(PageParts.of(page, column));
    }
    return true;
  }

  /**
   * Takes the next entries of one list.
   *
   * @param entries their number, at most {@link #left}
   * @param count the number of ids in the list so far
   * @return the number of ids in the list, these included
   */
  private int take(int entries, int count) {
    repetition.skip(entries);
    left -= entries;
    int size = count;
    int untaken = entries;
    while (untaken > 0) {
      int level = definition.level();
      int run = Math.min(untaken, definition.length());
      if (level == idLevel) {
        readIds(size, run);
        size += run;
      } else if (level >= entryLevel) {
        throw new ParquetDecodingException("a null in a list of ids");
      } else if (size > 0) {
        throw new ParquetDecodingException("a list that is empty and holds ids");
      }
      definition.skip(run);
      untaken -= run;
    }
    return size;
  }

  /** Reads {@code count} ids to {@code ids[from]} and what follows. */
  private void readIds(int from, int count) {
    int end = Math.addExact(from, count);
    if (end > ids.length) {
      ids = Arrays.copyOf(ids, (int) Math.min(MAX_ARRAY, Math.max(1024, 2L * end)));
    }
    int[] to = ids;
    ValuesReader in = Objects.requireNonNull(values, "no page is open");
    for (int i = from; i < end; i++) {
      to[i] = in.readInteger();
    }
  }

  /** Makes a page the current one. */
  private void open(PageParts page) {
    repetition.begin(page.repetition());
    definition.begin(page.definition());
    Encoding encoding = page.encoding();
    if (encoding.usesDictionary() && dictionary == null) {
      throw new ParquetDecodingException("indexes into a dictionary, and there is none");
    }
    ValuesReader reader =
        encoding.usesDictionary()
            ? encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, dictionary)
            : encoding.getValuesReader(column, ValuesType.VALUES);
    Uncheck.run(() -> reader.initFromPage(page.count(), ByteBufferInputStream.wrap(page.values())));
    values = reader;
    left = page.count();
  }
}
