package org.merganser.parquet.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet file that throws an {@link IOException} for a page that is longer than its column
 * chunk. Parquet's reader allocates the bytes that a page of the last chunk says it has before it
 * reads them ({@code ParquetFileReader.WorkaroundChunk}). The headers are checked in the bytes of a
 * chunk when its last byte is read; nothing is read again.
 */
final class CheckedChunks implements InputFile {
  /** Old writers left the header of the dictionary out of a chunk's size (PARQUET-816). */
  private static final int SPARE = 100;

  private final InputFile file;

  /** By the place of the first byte after a chunk. */
  private final Map<Long, ColumnChunkMetaData> chunks = new HashMap<>();

  CheckedChunks(InputFile file) {
    this.file = file;
  }

  void add(ColumnChunkMetaData chunk) {
    chunks.put(chunk.getStartingPos() + chunk.getTotalSize(), chunk);
  }

  /** How Parquet's messages name the file. */
  @Override
  public String toString() {
    return "the file";
  }

  @Override
  public long getLength() throws IOException {
    return file.getLength();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    SeekableInputStream in = file.newStream();
    return new DelegatingSeekableInputStream(in) {
      /** What was read from {@code start} on and has not been checked. */
      private final List<ByteBuffer> read = new ArrayList<>();

      private long start;

      @Override
      public long getPos() throws IOException {
        return in.getPos();
      }

      @Override
      public void seek(long place) throws IOException {
        read.clear();
        start = place;
        in.seek(place);
      }

      @Override
      public void readFully(ByteBuffer to) throws IOException {
        read.add(to.duplicate());
        in.readFully(to); // in whole blocks; super reads a local file byte by byte
        ColumnChunkMetaData chunk = chunks.get(in.getPos());
        if (chunk != null) {
          ByteBufferInputStream bytes = ByteBufferInputStream.wrap(read);
          bytes.skipFully(chunk.getStartingPos() - start);
          check(bytes, chunk);
          read.clear();
          start = in.getPos();
        }
      }
    };
  }

  private static void check(ByteBufferInputStream in, ColumnChunkMetaData chunk)
      throws IOException {
    for (long values = 0; values < chunk.getValueCount(); ) {
      if (in.available() == 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "the pages of %s have %d values, and the footer says %d",
                chunk.getPath().toDotString(),
                values,
                chunk.getValueCount()));
      }
      PageHeader header = Util.readPageHeader(in);
      int size = header.getCompressed_page_size();
      if ((long) size - in.available() > SPARE) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "a page of %s has %d bytes, and its column chunk has %d bytes left",
                chunk.getPath().toDotString(),
                size,
                in.available()));
      }
      in.skipFully(Math.min(size, in.available()));
      if (header.isSetData_page_header()) {
        values += header.getData_page_header().getNum_values();
      } else if (header.isSetData_page_header_v2()) {
        values += header.getData_page_header_v2().getNum_values();
      }
    }
  }
}
