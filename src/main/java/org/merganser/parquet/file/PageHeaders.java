package org.merganser.parquet.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Checks the headers of a row group's pages before Parquet's reader uses them: the reader allocates
 * the sizes in them, so that one flipped bit could take two gigabytes. Costs a seek and a small
 * read a page.
 */
public final class PageHeaders {
  /** Writers make pages of one megabyte; this bounds the uncompressed size of a page. */
  static final int MAX_PAGE_BYTES = 1 << 28;

  private static final int HEADER_BYTES = 1 << 12;

  private PageHeaders() {}

  /**
   * Checks the pages of some columns.
   *
   * @param columns the columns to be read
   * @throws IOException naming the column and the place of an impossible page
   */
  public static void check(InputFile file, BlockMetaData rowGroup, MessageType columns)
      throws IOException {
    try (SeekableInputStream in = file.newStream()) {
      for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
        if (columns.containsPath(chunk.getPath().toArray())) {
          check(in, file.getLength(), chunk);
        }
      }
    }
  }

  private static void check(SeekableInputStream in, long length, ColumnChunkMetaData chunk)
      throws IOException {
    long at = chunk.getStartingPos();
    long size = chunk.getTotalSize();
    if (at < 0 || size < 0 || size > length - at) {
      throw damaged(chunk, at, "its " + size + " bytes lie beyond the end of the file");
    }
    long end = at + size;
    long values = 0;
    while (values < chunk.getValueCount() && at < end) {
      long page = at;
      byte[] bytes = read(in, at, (int) Math.min(HEADER_BYTES, end - at));
      ByteArrayInputStream header = new ByteArrayInputStream(bytes);
      PageHeader read;
      try {
        read = Util.readPageHeader(header);
      } catch (IOException | RuntimeException e) {
        if (bytes.length == HEADER_BYTES) {
          return; // a header with long statistics: the reader will see
        }
        throw damaged(chunk, page, "there is no page: " + e.getMessage());
      }
      at += bytes.length - header.available();
      int stored = read.getCompressed_page_size();
      int unfolded = read.getUncompressed_page_size();
      if (stored < 0 || stored > end - at || unfolded < 0 || unfolded > MAX_PAGE_BYTES) {
        throw damaged(
            chunk,
            page,
            "a page of %s bytes, %s unfolded; %s bytes are there and %s are allowed"
                .formatted(stored, unfolded, end - at, MAX_PAGE_BYTES));
      }
      at += stored;
      values += values(read);
    }
  }

  private static long values(PageHeader page) {
    if (page.isSetData_page_header()) {
      return Math.max(0, page.getData_page_header().getNum_values());
    }
    if (page.isSetData_page_header_v2()) {
      return Math.max(0, page.getData_page_header_v2().getNum_values());
    }
    return 0; // a dictionary
  }

  /** The bytes at a place that lies within the file. */
  static byte[] read(SeekableInputStream in, long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.seek(at);
    in.readFully(bytes);
    return bytes;
  }

  private static IOException damaged(ColumnChunkMetaData chunk, long at, String what) {
    return new IOException(
        "column " + chunk.getPath().toDotString() + " at byte " + at + ": " + what);
  }
}
