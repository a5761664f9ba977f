package org.merganser.parquet;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a row group, each checked before it is read: it has the size in its header, and its
 * levels and values take all bytes that are there. Parquet's reader would take levels for values
 * where a flipped bit in the footer makes an optional column a required one, and leave the rest of
 * each page. Costs a look at the runs of levels and the lengths of strings, and copies nothing.
 */
public final class CheckedPages implements PageReadStore {
  /** The highest level that is read here. */
  private static final int MOST_LEVELS = 255;

  /** Bytes that a writer may leave behind indexes into a dictionary: an empty run. */
  private static final int SPARE = 2;

  private final PageReadStore pages;

  public CheckedPages(PageReadStore pages) {
    this.pages = pages;
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    PageReader reader = pages.getPageReader(column);
    return column.getMaxDefinitionLevel() > MOST_LEVELS ? reader : new Column(column, reader);
  }

  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  @Override
  public Optional<Long> getRowIndexOffset() {
    return pages.getRowIndexOffset();
  }

  private record Column(ColumnDescriptor column, PageReader pages)
      implements PageReader, DataPage.Visitor<DataPage> {
    @Override
    public long getTotalValueCount() {
      return pages.getTotalValueCount();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      DictionaryPage page = pages.readDictionaryPage();
      if (page == null) {
        return null;
      }
      ByteBuffer bytes = whole(page.getBytes(), page.getUncompressedSize());
      checkPlain(in(bytes), page.getDictionarySize());
      int size = page.getDictionarySize();
      return new DictionaryPage(BytesInput.from(bytes), size, page.getEncoding());
    }

    @Override
    public @Nullable DataPage readPage() {
      DataPage page = pages.readPage();
      try {
        return page == null ? null : page.accept(this);
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        throw damaged("a page ends before its values", e);
      }
    }

    @Override
    public DataPage visit(DataPageV1 page) {
      ByteBuffer bytes = whole(page.getBytes(), page.getUncompressedSize());
      ByteBuffer in = in(bytes);
      int values = page.getValueCount();
      levels(in, page.getRlEncoding(), column.getMaxRepetitionLevel(), values);
      values = levels(in, page.getDlEncoding(), column.getMaxDefinitionLevel(), values);
      check(in, page.getValueEncoding(), values);
      return new DataPageV1(
          BytesInput.from(bytes),
          page.getValueCount(),
          page.getUncompressedSize(),
          page.getStatistics(),
          page.getRlEncoding(),
          page.getDlEncoding(),
          page.getValueEncoding());
    }

    @Override
    public DataPage visit(DataPageV2 page) {
      BytesInput repetition = page.getRepetitionLevels();
      BytesInput definition = page.getDefinitionLevels();
      int values = page.getValueCount();
      if (repetition.size() > 0 != column.getMaxRepetitionLevel() > 0
          || definition.size() > 0 != column.getMaxDefinitionLevel() > 0) {
        throw damaged("a page has other levels than its column", null);
      }
      if (repetition.size() > 0) {
        highest(whole(repetition, repetition.size()), column.getMaxRepetitionLevel(), values);
      }
      if (definition.size() > 0) {
        values =
            highest(whole(definition, definition.size()), column.getMaxDefinitionLevel(), values);
      }
      long size = page.getUncompressedSize() - repetition.size() - definition.size();
      ByteBuffer bytes = whole(page.getData(), size);
      check(in(bytes), page.getDataEncoding(), values);
      return DataPageV2.uncompressed(
          page.getRowCount(),
          page.getNullCount(),
          page.getValueCount(),
          repetition,
          definition,
          page.getDataEncoding(),
          BytesInput.from(bytes),
          page.getStatistics());
    }

    private ByteBuffer whole(BytesInput page, long size) {
      if (page.size() != size) {
        throw damaged("a page of " + size + " bytes has " + page.size(), null);
      }
      try {
        return page.toInputStream().slice((int) size).slice();
      } catch (IOException e) {
        throw damaged(String.valueOf(e.getMessage()), e);
      }
    }

    private static ByteBuffer in(ByteBuffer bytes) {
      return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** How many levels in a page of version 1 are the highest one; goes behind them. */
    private int levels(ByteBuffer in, Encoding encoding, int most, int count) {
      if (most == 0) {
        return count;
      }
      int width = Integer.SIZE - Integer.numberOfLeadingZeros(most);
      int size =
          encoding == Encoding.RLE ? in.getInt() : Math.toIntExact(((long) count * width + 7) / 8);
      ByteBuffer levels = in.slice(in.position(), size);
      in.position(in.position() + size);
      if (encoding == Encoding.RLE) {
        return highest(levels, most, count);
      }
      int highest = 0; // as before Parquet 1.0: the highest bit comes first
      for (int bit = 0; bit < count * width; bit += width) {
        int level = 0;
        for (int i = bit; i < bit + width; i++) {
          level = level << 1 | levels.get(i / 8) >> (7 - i % 8) & 1;
        }
        highest += level == most ? 1 : 0;
      }
      return highest;
    }

    /** How many levels are the highest one; all are looked at. */
    private static int highest(ByteBuffer levels, int most, int count) {
      LevelRunReader runs = new LevelRunReader(most);
      runs.begin(levels);
      int highest = 0;
      for (int left = count; left > 0; ) {
        int level = runs.level();
        int run = Math.min(left, runs.length());
        highest += level == most ? run : 0;
        runs.skip(run);
        left -= run;
      }
      return highest;
    }

    private void check(ByteBuffer in, Encoding encoding, int values) {
      if (values == 0 && in.remaining() <= SPARE) {
        return;
      }
      switch (encoding) {
        case PLAIN, BYTE_STREAM_SPLIT -> checkPlain(in, values);
        case PLAIN_DICTIONARY, RLE_DICTIONARY -> checkIndexes(in, values);
        case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY -> {
          LevelRunReader.varint(in); // the values of a block
          LevelRunReader.varint(in); // the parts of a block
          require(LevelRunReader.varint(in), values);
        }
        default -> {} // booleans, behind a length that their reader checks
      }
    }

    private void checkPlain(ByteBuffer in, int values) {
      PrimitiveType type = column.getPrimitiveType();
      long size =
          switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> (values + 7L) / 8;
            case INT32, FLOAT -> 4L * values;
            case INT64, DOUBLE -> 8L * values;
            case INT96 -> 12L * values;
            case FIXED_LEN_BYTE_ARRAY -> (long) type.getTypeLength() * values;
            case BINARY -> {
              for (int i = 0; i < values; i++) {
                int length = in.getInt();
                in.position(Math.addExact(in.position(), length));
              }
              yield 0;
            }
          };
      require(in.remaining(), size);
    }

    private void checkIndexes(ByteBuffer in, int values) {
      int width = in.get();
      for (long seen = 0; seen < values; ) {
        int header = LevelRunReader.varint(in);
        int run = header >>> 1;
        if (run == 0) {
          throw damaged("a run of no indexes", null);
        }
        boolean packed = (header & 1) == 1;
        seen += packed ? 8L * run : run;
        long bytes = packed ? (long) run * width : (width + 7) / 8;
        in.position((int) Math.min(in.limit(), in.position() + bytes)); // the last may be cut
      }
      require(Math.max(0, in.remaining() - SPARE), 0);
    }

    private void require(long found, long expected) {
      if (found != expected) {
        throw damaged(
            "the values of a page take " + expected + ", and " + found + " are there", null);
      }
    }

    private ParquetDecodingException damaged(String what, @Nullable Exception cause) {
      String name = String.join(".", column.getPath());
      return new ParquetDecodingException("column " + name + ": " + what, cause);
    }
  }
}
