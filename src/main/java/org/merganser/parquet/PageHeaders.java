package org.merganser.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.MessageType;

/** The headers of the pages of a file. */
final class PageHeaders {
  /** Most headers are shorter; one with long statistics is read again with a larger window. */
  private static final int WINDOW = 4096;

  private PageHeaders() {}

  /**
   * Checks that each page of the requested columns ends within the file. Parquet's reader allocates
   * the bytes that a page of the last column chunk says it has before it reads them ({@code
   * ParquetFileReader.WorkaroundChunk}). Reads the header of each page.
   *
   * @throws ParquetDecodingException for a page that ends after the file
   */
  static void check(FileChannel in, ParquetFileReader file, MessageType requested)
      throws IOException {
    for (BlockMetaData block : file.getRowGroups()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        if (requested.containsPath(chunk.getPath().toArray())) {
          check(in, chunk);
        }
      }
    }
  }

  private static void check(FileChannel in, ColumnChunkMetaData chunk) throws IOException {
    long at = chunk.getStartingPos();
    long end = at + chunk.getTotalSize();
    for (long values = 0; values < chunk.getValueCount() && at < end; ) {
      byte[] window = read(in, at, Math.min(WINDOW, end - at));
      ByteArrayInputStream stream = new ByteArrayInputStream(window);
      PageHeader header;
      try {
        header = Util.readPageHeader(stream);
      } catch (IOException e) {
        window = read(in, at, Math.min(end - at, Integer.MAX_VALUE / 2));
        stream = new ByteArrayInputStream(window);
        header = Util.readPageHeader(stream);
      }
      at += window.length - stream.available() + (long) header.getCompressed_page_size();
      if (header.getCompressed_page_size() < 0 || at > in.size()) {
        throw new ParquetDecodingException(
            "a page of %s has %d bytes, which the file does not have"
                .formatted(chunk.getPath().toDotString(), header.getCompressed_page_size()));
      }
      if (header.isSetData_page_header()) {
        values += header.getData_page_header().getNum_values();
      } else if (header.isSetData_page_header_v2()) {
        values += header.getData_page_header_v2().getNum_values();
      }
    }
  }

  private static byte[] read(FileChannel in, long at, long size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, Math.max(0, in.size() - at)));
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = in.read(buffer, at + buffer.position());
    }
    return buffer.array();
  }
}
