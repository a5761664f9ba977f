package org.merganser.parquet.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TProtocolUtil;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * Checks a footer before Parquet's reader uses it: the reader allocates lists of the lengths in the
 * footer, so that one flipped bit could take the whole heap. Costs one more read of the footer,
 * which is not kept.
 */
public final class Footers {
  /** The most bytes of a footer; footers of ten thousand row groups have some megabytes. */
  static final int MAX_BYTES = 1 << 27;

  /** Bytes at the file's end: the footer's length and the magic number. */
  private static final int TAIL = 8;

  private static final int MAGIC = 4;

  /** Thrift's number for this type. */
  private static final byte STRUCT = 12;

  /** Structs in structs; a footer has six or so. */
  private static final int MAX_DEPTH = 64;

  private Footers() {}

  /**
   * Checks that each list and string of the footer is within it. A file that has no plain footer
   * (too short, another magic number, encrypted) is left to Parquet's reader to refuse.
   *
   * @throws IOException when the footer is damaged
   */
  public static void check(InputFile file) throws IOException {
    long size = file.getLength();
    if (size < MAGIC + TAIL) {
      return;
    }
    try (SeekableInputStream in = file.newStream()) {
      byte[] tail = PageHeaders.read(in, size - TAIL, TAIL);
      ByteBuffer end = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
      int length = end.getInt();
      if (end.get() != 'P' || end.get() != 'A' || end.get() != 'R' || end.get() != '1') {
        return;
      }
      if (length < 0 || length > size - MAGIC - TAIL || length > MAX_BYTES) {
        throw new IOException(
            ("the footer is damaged: its length is %s; the file has %s bytes, and %s are"
                    + " allowed")
                .formatted(length, size, MAX_BYTES));
      }
      walk(PageHeaders.read(in, size - TAIL - length, length));
    }
  }

  private static void walk(byte[] footer) throws IOException {
    try {
      TIOStreamTransport bytes = new TIOStreamTransport(new ByteArrayInputStream(footer));
      TProtocolUtil.skip(
          new TCompactProtocol(bytes, footer.length, footer.length), STRUCT, MAX_DEPTH);
    } catch (TTransportException e) {
      throw new IOException("the footer is damaged: something in it goes beyond its end", e);
    } catch (TException | RuntimeException e) {
      throw new IOException("the footer is damaged: " + e.getMessage(), e);
    }
  }
}
