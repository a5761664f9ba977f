package org.merganser.parquet.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Opens Parquet files and checks their footers, which {@link BoundedThrift} reads and {@link
 * RowGroups} compares with the file. Parquet's reader trusts a footer: it allocates lists of the
 * lengths in it, and reads only the row groups and values that it names. One flipped bit could fill
 * the heap or drop rows. The check costs one more read of the footer.
 */
public final class Footers {
  /** The maximum bytes of a footer; footers of ten thousand row groups have some megabytes. */
  static final int MAX_BYTES = 1 << 27;

  /** The bytes at the beginning and at the end of a file. */
  static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

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
      List<ColumnChunkMetaData> chunks = RowGroups.check(footer, reader.getFooter());
      RowGroups.checkPlaces(chunks, file.getLength() - TAIL_BYTES);
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

  /** The error for a footer that cannot be used. */
  static IOException damaged(String what) {
    return damaged(what, null);
  }

  private static IOException damaged(String what, @Nullable Exception cause) {
    return new IOException("the footer is damaged: " + what, cause);
  }
}
