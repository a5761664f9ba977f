package org.merganser.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * The uncompressed parts of a data page of version 1 or 2. Nothing is copied.
 *
 * @param count the number of values; a null and an empty list count as one
 * @param repetition the repetition levels, without a length before them; empty in a column without
 *     any
 * @param definition the definition levels, without a length before them; empty in a column without
 *     any
 * @param values the encoded values, without nulls
 * @param encoding the encoding of {@code values}
 */
record PageParts(
    int count, ByteBuffer repetition, ByteBuffer definition, ByteBuffer values, Encoding encoding) {

  /**
   * The parts of a page.
   *
   * @throws RuntimeException if it has another size than its header says, or ends in its levels
   */
  static PageParts of(DataPage page, ColumnDescriptor column) {
    return page.accept(new Divider(column));
  }

  /**
   * The bytes of a page, or of a part of one, as a little-endian buffer.
   *
   * @param size their number by the header of the page
   * @throws ParquetDecodingException if they are not {@code size} bytes
   */
  static ByteBuffer bytes(BytesInput page, long size) {
    if (page.size() != size) {
      throw new ParquetDecodingException("a page of %s bytes has %s".formatted(size, page.size()));
    }
    try {
      return page.toInputStream().slice((int) size).slice().order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new ParquetDecodingException(e.getMessage(), e);
    }
  }

  /** Divides a page of a column by the version of the page. */
  private record Divider(ColumnDescriptor column) implements DataPage.Visitor<PageParts> {
    @Override
    public PageParts visit(DataPageV1 page) {
      ByteBuffer in = bytes(page.getBytes(), page.getUncompressedSize());
      return new PageParts(
          page.getValueCount(),
          levels(in, page.getRlEncoding(), column.getMaxRepetitionLevel()),
          levels(in, page.getDlEncoding(), column.getMaxDefinitionLevel()),
          in.slice().order(ByteOrder.LITTLE_ENDIAN),
          page.getValueEncoding());
    }

    /**
     * The levels at the position of a page of version 1, after their length; skips both.
     *
     * @param highest the highest level of the column; 0 if the page has no levels
     */
    private static ByteBuffer levels(ByteBuffer in, Encoding encoding, int highest) {
      if (highest > 0 && encoding != Encoding.RLE) {
        throw new ParquetDecodingException("levels encoded as " + encoding + ", not as RLE");
      }
      int size = highest == 0 ? 0 : in.getInt();
      ByteBuffer levels = in.slice(in.position(), size);
      in.position(in.position() + size);
      return levels;
    }

    @Override
    public PageParts visit(DataPageV2 page) {
      BytesInput repetition = page.getRepetitionLevels();
      BytesInput definition = page.getDefinitionLevels();
      long size = page.getUncompressedSize() - repetition.size() - definition.size();
      return new PageParts(
          page.getValueCount(),
          bytes(repetition, repetition.size()),
          bytes(definition, definition.size()),
          bytes(page.getData(), size),
          page.getDataEncoding());
    }
  }
}
