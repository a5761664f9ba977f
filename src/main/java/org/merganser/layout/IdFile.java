package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.LittleEndian;
import org.merganser.checksum.FileSum;
import org.merganser.checksum.Sha256;
import org.merganser.store.NamedOutputStream;

/**
 * A file of little-endian numbers, without a header or after one that is known only at the end. It
 * reserves space for the header and writes it last. Without a header, the checksum is computed
 * while the file is written; with one it cannot be, since the first bytes are written last.
 */
final class IdFile implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel file;

  /** The same file, with errors that name it. */
  private final OutputStream out;

  /** {@link #out} if it computes the checksum; null for a file with a header. */
  private final Sha256.@Nullable Output summed;

  private final IdWidth width;

  /** The length that is reserved for the header; 0 for none. */
  private final int headerBytes;

  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long count;

  /** A file without a header. */
  IdFile(Path path, IdWidth width) throws IOException {
    this(path, width, 0);
  }

  /**
   * @param width the width of each number
   * @param headerBytes the length of the header, which fits the buffer; 0 for none
   */
  IdFile(Path path, IdWidth width, int headerBytes) throws IOException {
    this.width = width;
    this.headerBytes = headerBytes;
    this.file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    OutputStream named = new NamedOutputStream(path.toString(), Channels.newOutputStream(file));
    this.summed = headerBytes == 0 ? new Sha256.Output(named) : null;
    this.out = summed == null ? named : summed;
    buffer.put(new byte[headerBytes]);
  }

  /** The numbers so far, those of {@link #append} not included. */
  long count() {
    return count;
  }

  /**
   * Writes {@code numbers[0, length)}. Bits beyond the width are lost: {@link PartWriter} requires
   * ids below the bound.
   */
  void write(int[] numbers, int length) throws IOException {
    int from = 0;
    while (from < length) {
      if (buffer.remaining() < width.bytes()) {
        drain();
      }
      int to = Math.min(length, from + buffer.remaining() / width.bytes());
      put(numbers, from, to);
      from = to;
    }
    count += length;
  }

  /** Puts {@code numbers[from, to)} into the buffer, which has room for them. */
  private void put(int[] numbers, int from, int to) {
    byte[] bytes = buffer.array();
    int at = buffer.position();
    switch (width) {
      case UINT8 -> {
        for (int i = from; i < to; i++) {
          bytes[at++] = (byte) numbers[i];
        }
      }
      case UINT16 -> {
        for (int i = from; i < to; i++) {
          LittleEndian.SHORT.set(bytes, at, (short) numbers[i]);
          at += Short.BYTES;
        }
      }
      case INT32 -> {
        for (int i = from; i < to; i++) {
          LittleEndian.INT.set(bytes, at, numbers[i]);
          at += Integer.BYTES;
        }
      }
    }
    buffer.position(at);
  }

  /** Writes a number several times. */
  void repeat(int number, int times) throws IOException {
    int[] numbers = new int[times];
    Arrays.fill(numbers, number);
    write(numbers, times);
  }

  /** Writes the bytes of a spilled file after the numbers. */
  void append(SpillFile spilled) throws IOException {
    drain();
    spilled.copyTo(out);
  }

  /**
   * Completes the file.
   *
   * @param header has the length that was reserved
   * @return the sum of a file without a header; null for one with a header
   * @throws IllegalArgumentException for a header of another length
   */
  @Nullable FileSum finish(byte[] header) throws IOException {
    if (header.length != headerBytes) {
      throw new IllegalArgumentException(
          "a header of " + header.length + " bytes, and " + headerBytes + " are reserved");
    }
    drain();
    if (summed != null) {
      return summed.sum();
    }
    file.position(0);
    out.write(header);
    return null;
  }

  /** Completes a file without a header; returns its sum. */
  FileSum finish() throws IOException {
    return Objects.requireNonNull(finish(new byte[0]), "a header is missing");
  }

  /** Writes the buffer to the file. */
  private void drain() throws IOException {
    out.write(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
