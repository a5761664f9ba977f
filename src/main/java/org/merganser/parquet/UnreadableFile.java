package org.merganser.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Says why a file cannot be read as Parquet. */
final class UnreadableFile {
  /** The bytes at the beginning and at the end of a Parquet file. */
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private UnreadableFile() {}

  /**
   * The problem that the first and last bytes of the file show, else the message of the exception.
   *
   * @param e of parquet-java, or of the check of the footer
   */
  static String problem(Path path, Exception e) throws IOException {
    byte[] first;
    byte[] last;
    try (FileChannel file = FileChannel.open(path)) {
      long size = file.size();
      if (size < 2L * MAGIC.length) {
        return "it has %s bytes, fewer than any Parquet file".formatted(size);
      }
      first = read(file, 0, MAGIC.length);
      last = read(file, size - MAGIC.length, MAGIC.length);
    }
    if (!Arrays.equals(first, MAGIC)) {
      return "it does not begin with PAR1, as every Parquet file does";
    }
    return Arrays.equals(last, MAGIC)
        ? String.valueOf(e.getMessage())
        : "it is cut short: it begins as Parquet, and does not end so; copy it again";
  }

  /** Reads {@code length} bytes at {@code from}. */
  private static byte[] read(FileChannel file, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return bytes.array();
  }
}
