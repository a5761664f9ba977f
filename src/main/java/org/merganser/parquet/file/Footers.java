package org.merganser.parquet.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Opens Parquet files and checks their footers, which {@link BoundedThrift} reads. Parquet's reader
 * trusts a footer: it allocates lists of the lengths in it, and reads only the row groups and
 * values that it names. One flipped bit could fill the heap or drop rows. The check costs one more
 * read of the footer.
 */
public final class Footers {
  /** The maximum bytes of a footer; footers of ten thousand row groups have some megabytes. */
  static final int MAX_BYTES = 1 << 27;

  /** The bytes at the beginning and at the end of a file. */
  private static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

  /** The size of what follows the footer: its length, and the magic number. */
  static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;

  private Footers() {}

  /**
   * Opens a file to read all of its row groups. Parquet's reader refuses a file without a plain
   * footer (too short, another magic number, encrypted). The returned reader throws an exception
   * for a page that is longer than its column chunk.
   *
   * @throws IOException if the footer is damaged: a list or a string extends beyond its end, rows
   *     do not add up, a row group is in another file, or a column's place, type or number of
   *     values contradicts the rest
   */
  public static ParquetFileReader open(InputFile file, ParquetReadOptions options)
      throws IOException {
    FileMetaData footer = readIfPlain(file);
    if (footer == null) {
      return ParquetFileReader.open(new CheckedChunks(file), options);
    }
    try {
      return openChecked(file, footer, options);
    } catch (NullPointerException e) {
      // parquet-java checks only the fields that its Thrift declares as required.
      throw damaged("it lacks a field without which its columns cannot be found", e);
    } catch (NoSuchElementException e) {
      throw damaged("its schema has fewer columns than it says", e);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private static ParquetFileReader openChecked(
      InputFile file, FileMetaData footer, ParquetReadOptions options) throws IOException {
    CheckedChunks checked = new CheckedChunks(file);
    ParquetFileReader reader = ParquetFileReader.open(checked, options);
    try {
      List<ColumnChunkMetaData> chunks = checkRowGroups(footer, reader.getFooter());
      checkPlaces(chunks, file.getLength() - TAIL_BYTES);
      chunks.forEach(checked::add);
      return reader;
    } catch (IOException | RuntimeException e) {
      try (reader) {
        throw e;
      }
    }
  }

  /** Reads the footer; null if the file has no plain one. */
  private static @Nullable FileMetaData readIfPlain(InputFile file) throws IOException {
    long size = file.getLength();
    if (size < MAGIC.length + TAIL_BYTES) {
      return null;
    }
    try (SeekableInputStream in = file.newStream()) {
      byte[] tail = read(in, size - TAIL_BYTES, TAIL_BYTES);
      if (!Arrays.equals(tail, Integer.BYTES, TAIL_BYTES, MAGIC, 0, MAGIC.length)) {
        return null;
      }
      int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (length < 0 || length > size - MAGIC.length - TAIL_BYTES || length > MAX_BYTES) {
        throw damaged(
            "its length is %s; the file has %s bytes, and %s are allowed"
                .formatted(length, size, MAX_BYTES));
      }
      long start = size - TAIL_BYTES - length;
      FileMetaData footer = parse(read(in, start, length));
      long before = start - endOfData(footer);
      if (before > 0 && Arrays.equals(read(in, before, MAGIC.length), MAGIC)) {
        throw damaged("its file begins at byte " + before + ", after another; separate them");
      }
      return footer;
    }
  }

  private static byte[] read(SeekableInputStream in, long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.seek(at);
    in.readFully(bytes);
    return bytes;
  }

  /**
   * Reads a footer from its bytes.
   *
   * @throws IOException if it is damaged, or does not take all of the bytes
   */
  static FileMetaData parse(byte[] footer) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(footer);
    FileMetaData read;
    try {
      read = BoundedThrift.footer(in, footer.length);
    } catch (IOException e) {
      throw damaged(String.valueOf(e.getMessage()), e);
    }
    if (in.available() > 0 && !read.isSetEncryption_algorithm()) {
      throw damaged("it ends " + in.available() + " bytes before its length");
    }
    return read;
  }

  /**
   * The place after the last byte that a footer names, counted from the beginning of its file. The
   * footer begins there, unless the file was appended to another one.
   */
  private static long endOfData(FileMetaData footer) {
    long end = MAGIC.length;
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        end = Math.max(end, column.getColumn_index_offset() + column.getColumn_index_length());
        end = Math.max(end, column.getOffset_index_offset() + column.getOffset_index_length());
        ColumnMetaData data = column.getMeta_data();
        if (data != null) {
          long dictionary = data.getDictionary_page_offset();
          long at = dictionary > 0 ? dictionary : data.getData_page_offset();
          end = Math.max(end, at + data.getTotal_compressed_size());
          end = Math.max(end, data.getBloom_filter_offset() + data.getBloom_filter_length());
        }
      }
    }
    return end;
  }

  /**
   * Checks the rows and the columns of each row group.
   *
   * @param footer the footer as it is stored
   * @param parsed the same footer as Parquet's reader understands it
   * @return the column chunks that have values and are not encrypted
   */
  private static List<ColumnChunkMetaData> checkRowGroups(
      FileMetaData footer, ParquetMetadata parsed) throws IOException {
    List<ColumnDescriptor> columns = parsed.getFileMetaData().getSchema().getColumns();
    List<ColumnChunkMetaData> chunks = new ArrayList<>();
    long rows = 0;
    for (int i = 0; i < parsed.getBlocks().size(); i++) {
      BlockMetaData group = parsed.getBlocks().get(i);
      if (group.getRowCount() < 0) {
        throw damaged("row group " + i + " has " + group.getRowCount() + " rows");
      }
      rows += group.getRowCount();
      if (group.getPath() != null) {
        throw new IOException(
            "row group %s is in another file, %s; read that one instead"
                .formatted(i, group.getPath()));
      }
      if (group.getRowCount() > 0) {
        String problem = problemOf(group, footer.getRow_groups().get(i), columns);
        if (problem != null) {
          throw damaged("row group " + i + problem);
        }
        group.getColumns().stream().filter(chunk -> !chunk.isEncrypted()).forEach(chunks::add);
      }
    }
    if (rows != footer.getNum_rows()) {
      throw damaged(
          "its row groups have %s rows, and it says %s".formatted(rows, footer.getNum_rows()));
    }
    return chunks;
  }

  /** Checks that chunks do not overlap, and end before {@code end}; sorts them by their places. */
  private static void checkPlaces(List<ColumnChunkMetaData> chunks, long end) throws IOException {
    chunks.sort(Comparator.comparingLong(ColumnChunkMetaData::getStartingPos));
    long free = MAGIC.length;
    for (ColumnChunkMetaData chunk : chunks) {
      long at = chunk.getStartingPos();
      long size = chunk.getTotalSize();
      if (at < free || size <= 0 || size > end - at) {
        throw damaged(
            "column %s has %s bytes at byte %s; bytes %s to %s are free"
                .formatted(chunk.getPath().toDotString(), size, at, free, end));
      }
      free = at + size;
    }
  }

  /**
   * The problem in the columns of a row group that has rows; null if there is none.
   *
   * @param stored the same row group as it is stored
   * @param columns the columns of the schema
   */
  private static @Nullable String problemOf(
      BlockMetaData group, RowGroup stored, List<ColumnDescriptor> columns) {
    if (group.getColumns().size() != columns.size()) {
      return " has %s columns, and the schema %s"
          .formatted(group.getColumns().size(), columns.size());
    }
    ParquetMetadataConverter types = new ParquetMetadataConverter();
    for (int i = 0; i < columns.size(); i++) {
      ColumnDescriptor column = columns.get(i);
      ColumnChunkMetaData chunk = group.getColumns().get(i);
      if (!chunk.isEncrypted()) {
        var type = types.getPrimitive(stored.getColumns().get(i).getMeta_data().getType());
        String problem = problemOf(chunk, type, group.getRowCount(), column);
        if (problem != null) {
          return ", column " + String.join(".", column.getPath()) + problem;
        }
      }
    }
    return null;
  }

  /**
   * The problem in a column chunk; null if there is none.
   *
   * @param type the type of its values
   * @param rows the rows of its row group
   * @param column its column in the schema
   */
  private static @Nullable String problemOf(
      ColumnChunkMetaData chunk, PrimitiveTypeName type, long rows, ColumnDescriptor column) {
    if (!Arrays.equals(column.getPath(), chunk.getPath().toArray())
        || type != column.getPrimitiveType().getPrimitiveTypeName()) {
      return ": its data are " + type + " of " + chunk.getPath().toDotString();
    }
    long values = chunk.getValueCount();
    boolean isList = column.getMaxRepetitionLevel() > 0;
    if (values < rows || (values > rows && !isList)) {
      return " has " + values + " values for " + rows + " rows";
    }
    if (column.getMaxDefinitionLevel() == 0 && chunk.getStatistics().getNumNulls() > 0) {
      return " has no value in some rows and is required";
    }
    return null;
  }

  private static IOException damaged(String what) {
    return damaged(what, null);
  }

  private static IOException damaged(String what, @Nullable Exception cause) {
    return new IOException("the footer is damaged: " + what, cause);
  }
}
