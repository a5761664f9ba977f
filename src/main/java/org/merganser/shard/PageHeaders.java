package org.merganser.shard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/**
 * Checks the headers of a row group's pages before Parquet's reader believes them: it allocates
 * what they say, so that one flipped bit would ask for two gigabytes. Costs a seek and a small read
 * a page.
 */
final class PageHeaders {
  /** Writers make pages of one megabyte; this bounds what a page unfolds to. */
  static final int MAX_PAGE_BYTES = 1 << 28;

  private static final int HEADER_BYTES = 1 << 12;

  private PageHeaders() {}

  /**
   * @throws ShardException naming the column and the place of a page that cannot be
   */
  static void check(Path file, BlockMetaData rowGroup) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
        check(file, in, chunk);
      }
    }
  }

  private static void check(Path file, FileChannel in, ColumnChunkMetaData chunk)
      throws IOException {
    long at = chunk.getStartingPos();
    long size = chunk.getTotalSize();
    if (at < 0 || size < 0 || size > in.size() - at) {
      throw damaged(file, chunk, at, "its " + size + " bytes lie beyond the end of the file");
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
        throw damaged(file, chunk, page, "there is no page: " + e.getMessage());
      }
      at += bytes.length - header.available();
      int stored = read.getCompressed_page_size();
      int unfolded = read.getUncompressed_page_size();
      if (stored < 0 || stored > end - at || unfolded < 0 || unfolded > MAX_PAGE_BYTES) {
        throw damaged(
            file,
            chunk,
            page,
            "a page of "
                + stored
                + " bytes, "
                + unfolded
                + " unfolded; "
                + (end - at)
                + " bytes are there and "
                + MAX_PAGE_BYTES
                + " are allowed");
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

  /** As many bytes as there are. */
  private static byte[] read(FileChannel in, long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int n = 0;
    while (buffer.hasRemaining() && n >= 0) {
      n = in.read(buffer, at + buffer.position());
    }
    return Arrays.copyOf(bytes, buffer.position());
  }

  private static ShardException damaged(
      Path file, ColumnChunkMetaData chunk, long at, String what) {
    return new ShardException(
        file
            + " is damaged: column "
            + chunk.getPath().toDotString()
            + " at byte "
            + at
            + ": "
            + what
            + "; make it again, or restore it");
  }
}
