package org.merganser.parquet.file;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.merganser.checksum.FileSum;
import org.merganser.store.SummedOutputStream;

/**
 * A new local Parquet file whose bytes are written once and in order. Its end is held in memory
 * until {@link #finish} sorts the lists of the footer and writes it; so the sum of the file is
 * known without reading it. Errors name the file, which Java's error of a full disk does not.
 */
public final class OrderedOutputFile implements OutputFile, Closeable {
  private final SummedOutputStream file;

  /** The bytes since {@link #beginEnd}. */
  private final ByteArrayOutputStream end = new ByteArrayOutputStream();

  /** Whether {@link #beginEnd} was called. */
  private boolean isAtEnd;

  /** The bytes of the file so far, those in {@link #end} included. */
  private long position;

  /** Creates {@code path}, replacing an existing file. */
  public OrderedOutputFile(Path path) throws IOException {
    this.file = SummedOutputStream.of(path);
  }

  /**
   * Holds in memory what is written from now on. The writer calls this before it writes the footer,
   * of which no byte may be in the file already; bytes before the footer may be held as well.
   */
  public void beginEnd() {
    isAtEnd = true;
  }

  /**
   * Writes the end to the file, with the lists of the footer sorted, and returns the sum. The
   * footer was written after {@link #beginEnd}.
   */
  public FileSum finish() throws IOException {
    file.write(withSortedFooter(end.toByteArray()));
    file.flush();
    return file.sum();
  }

  /**
   * The end of a file with the lists in its footer sorted, so that the same rows have the same
   * bytes. parquet-java keeps a column's encodings in a hash set of enum constants, whose order
   * depends on identity hash codes and so differs between JVMs. The metadata are sorted by their
   * keys.
   *
   * @param end the last bytes of the file, with the complete footer
   */
  private static byte[] withSortedFooter(byte[] end) throws IOException {
    int afterFooter = end.length - Footers.TAIL_BYTES;
    int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(afterFooter);
    FileMetaData footer = Footers.parse(Arrays.copyOfRange(end, afterFooter - length, afterFooter));
    if (footer.isSetKey_value_metadata()) {
      footer.getKey_value_metadata().sort(Comparator.comparing(KeyValue::getKey));
    }
    for (RowGroup group : footer.getRow_groups()) {
      group.getColumns().forEach(column -> column.getMeta_data().getEncodings().sort(null));
    }
    ByteArrayOutputStream sorted = new ByteArrayOutputStream(length);
    Util.writeFileMetaData(footer, sorted);
    if (sorted.size() != length) {
      throw new IOException("a footer of " + length + " bytes became " + sorted.size());
    }
    byte[] result = end.clone();
    System.arraycopy(sorted.toByteArray(), 0, result, afterFooter - length, length);
    return result;
  }

  /** Closes the file. If it is not finished, it has no footer and cannot be read. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public PositionOutputStream create(long blockSize) {
    return createOrOverwrite(blockSize);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) {
    return new PositionOutputStream() {
      @Override
      public long getPos() {
        return position;
      }

      @Override
      public void write(int oneByte) throws IOException {
        target().write(oneByte);
        position++;
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        target().write(bytes, from, length);
        position += length;
      }
    };
  }

  /** Where the next bytes are written. */
  private OutputStream target() {
    return isAtEnd ? end : file;
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
