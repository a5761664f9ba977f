package org.merganser.parquet.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet file that throws an {@link IOException} for a page header that is damaged, or whose
 * page or levels are longer than its column chunk. Without the check, Parquet's reader would
 * allocate the size that a page of the last chunk names before it reads the page ({@code
 * ParquetFileReader.WorkaroundChunk}). The headers are checked in the bytes of a chunk when its
 * last byte is read; nothing is read again.
 */
final class CheckedChunks implements InputFile {
  /**
   * By how many bytes a page may be longer than its chunk: old writers left the header of the
   * dictionary out of a chunk's size (PARQUET-816).
   */
  private static final int MISSING_HEADER_BYTES = 100;

  private final InputFile file;

  /** The checked chunks, by the place of the first byte after them. */
  private final NavigableMap<Long, ColumnChunkMetaData> chunks = new TreeMap<>();

  CheckedChunks(InputFile file) {
    this.file = file;
  }

  /** Adds a chunk to be checked when it is read. */
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
    return new CheckedStream(file.newStream());
  }

  /**
   * Checks a chunk when its last byte has been read into a buffer. Parquet's reader reads chunks
   * only into a ByteBuffer, by {@link #readFully(ByteBuffer)}; what other methods read is not
   * checked.
   */
  private final class CheckedStream extends DelegatingSeekableInputStream {
    private final SeekableInputStream in;

    /** The bytes that were read from {@link #start} on and are not checked. */
    private final List<ByteBuffer> read = new ArrayList<>();

    /** The place in the file of the first byte in {@link #read}. */
    private long start;

    CheckedStream(SeekableInputStream in) {
      super(in);
      this.in = in;
    }

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
      ByteBuffer bytes = to.duplicate(); // its position stays at the first byte
      in.readFully(to); // in large blocks; super reads a local file byte by byte
      read.add(bytes);
      long end = in.getPos();
      if (chunks.containsKey(end)) {
        checkUntil(end);
        read.clear();
        start = end;
      }
    }

    /** Checks the chunks that end after {@link #start}: consecutive ones are read together. */
    private void checkUntil(long end) throws IOException {
      ByteBufferInputStream bytes = ByteBufferInputStream.wrap(read);
      for (ColumnChunkMetaData chunk : chunks.subMap(start, false, end, true).values()) {
        bytes.skipFully(chunk.getStartingPos() - start - bytes.position());
        checkChunk(bytes.sliceStream(chunk.getTotalSize()), chunk);
      }
    }
  }

  /** Checks the header of each page in the bytes of a chunk. */
  private static void checkChunk(ByteBufferInputStream in, ColumnChunkMetaData chunk)
      throws IOException {
    long values = 0;
    while (values < chunk.getValueCount()) {
      if (in.available() == 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "the pages of %s have %d values, and the footer says %d",
                chunk.getPath().toDotString(),
                values,
                chunk.getValueCount()));
      }
      PageHeader header = readHeader(in, chunk);
      skipPage(in, header.getCompressed_page_size(), chunk);
      values += checkedValueCount(header, chunk);
    }
  }

  /** Skips a page of {@code size} bytes, which must fit into the chunk. */
  private static void skipPage(ByteBufferInputStream in, int size, ColumnChunkMetaData chunk)
      throws IOException {
    if (size < 0 || (long) size - in.available() > MISSING_HEADER_BYTES) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a page of %s has %d bytes, and its column chunk has %d bytes left",
              chunk.getPath().toDotString(),
              size,
              in.available()));
    }
    in.skipFully(Math.min(size, in.available()));
  }

  /** The number of values of a page, whose levels are checked; 0 for a page of another kind. */
  private static int checkedValueCount(PageHeader header, ColumnChunkMetaData chunk)
      throws IOException {
    if (header.isSetData_page_header()) {
      return header.getData_page_header().getNum_values();
    }
    if (header.isSetData_page_header_v2()) {
      DataPageHeaderV2 page = header.getData_page_header_v2();
      int size = Math.min(header.getCompressed_page_size(), header.getUncompressed_page_size());
      checkLevels(page, size, chunk);
      return page.getNum_values();
    }
    return 0;
  }

  private static PageHeader readHeader(ByteBufferInputStream in, ColumnChunkMetaData chunk)
      throws IOException {
    try {
      return BoundedThrift.pageHeader(in, in.available());
    } catch (IOException e) {
      throw new IOException(
          "a page header of " + chunk.getPath().toDotString() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks that the levels of a page of version 2 fit into its {@code size} bytes: Parquet's reader
   * trusts the lengths in its header.
   */
  private static void checkLevels(DataPageHeaderV2 page, int size, ColumnChunkMetaData chunk)
      throws IOException {
    int repetition = page.getRepetition_levels_byte_length();
    int definition = page.getDefinition_levels_byte_length();
    if (repetition < 0 || definition < 0 || (long) repetition + definition > size) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a page of %s has %d bytes, and its levels have %d and %d",
              chunk.getPath().toDotString(),
              size,
              repetition,
              definition));
    }
  }
}
