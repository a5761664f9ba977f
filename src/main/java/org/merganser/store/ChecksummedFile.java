package org.merganser.store;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;

/**
 * Writes and reads files that end with their own checksum: the content, followed by the line <code>
 * {"sha256":"…"}</code> with the SHA-256 of the content. Receipts and journals have this form. A
 * file that is damaged, truncated or not a regular file counts as absent and is written again. An
 * error of reading is no sign of damage: the file may be valid, so the error is thrown.
 */
public final class ChecksummedFile {
  private static final String BEFORE_SUM = "{\"sha256\":\"";
  private static final String AFTER_SUM = "\"}\n";
  private static final int SHA256_DIGITS = 64;

  /** The length of the line with the checksum, with its line end. */
  public static final int SUM_BYTES = BEFORE_SUM.length() + SHA256_DIGITS + AFTER_SUM.length();

  private ChecksummedFile() {}

  /**
   * Publishes a file with its checksum; its name appears when all of it is written.
   *
   * @param content writes the content into the stream that it receives
   */
  public static void publish(String location, IOConsumer<OutputStream> content) throws IOException {
    FileStore.of(location)
        .publish(
            location,
            out -> {
              Sha256.Output summed = new Sha256.Output(out);
              content.accept(summed);
              summed.flush();
              out.write(sumLine(summed.sha256()));
            });
  }

  /** Publishes a file with this content and its checksum. */
  public static void publish(String location, byte[] content) throws IOException {
    publish(location, out -> out.write(content));
  }

  /** The bytes of a file with this content: the content and the line with its checksum. */
  public static byte[] withSum(byte[] content) {
    byte[] file = Arrays.copyOf(content, content.length + SUM_BYTES);
    System.arraycopy(sumLine(Sha256.of(content)), 0, file, content.length, SUM_BYTES);
    return file;
  }

  /** The content in the bytes of a file; null if the checksum is missing or does not match. */
  public static byte @Nullable [] contentOf(byte[] file) {
    int end = file.length - SUM_BYTES;
    if (end < 0) {
      return null;
    }
    byte[] content = Arrays.copyOf(file, end);
    byte[] expected = sumLine(Sha256.of(content));
    return Arrays.equals(expected, 0, SUM_BYTES, file, end, file.length) ? content : null;
  }

  /**
   * The content of a small file; null if there is no regular file or its checksum does not match.
   *
   * @throws java.nio.file.FileSystemException naming the file if it cannot be read
   */
  public static byte @Nullable [] find(String location) throws IOException {
    FileStore store = FileStore.of(location);
    try {
      return store.exists(location) ? contentOf(store.readAll(location)) : null;
    } catch (NoSuchFileException | IrregularFileException absent) {
      return null;
    } catch (IOException e) {
      throw FileStore.withName(location, e);
    }
  }

  /**
   * Whether there is a regular file whose checksum matches; reads all of it.
   *
   * @throws java.nio.file.FileSystemException naming the file if it cannot be read
   */
  public static boolean isWhole(String location) throws IOException {
    FileStore store = FileStore.of(location);
    try {
      long length = store.exists(location) ? store.stat(location).size() - SUM_BYTES : -1;
      if (length < 0) {
        return false;
      }
      try (InputStream in = store.open(location, 0)) {
        byte[] expected = sumLine(Sha256.of(firstBytes(in, length)));
        return Arrays.equals(in.readNBytes(SUM_BYTES), expected);
      }
    } catch (NoSuchFileException | IrregularFileException absent) {
      return false;
    } catch (IOException e) {
      throw FileStore.withName(location, e);
    }
  }

  /**
   * Opens the content of a file that the caller has checked by {@link #isWhole}; the checksum is
   * not checked again.
   *
   * @throws EOFException if the file is too short to have a checksum
   */
  public static InputStream open(String location) throws IOException {
    FileStore store = FileStore.of(location);
    long length = store.stat(location).size() - SUM_BYTES;
    if (length < 0) {
      throw new EOFException(location + " is truncated; run again");
    }
    InputStream content = firstBytes(store.open(location, 0), length);
    return new BufferedInputStream(content, FileStore.BUFFER_BYTES);
  }

  /** A stream of the next bytes of another one, which is read up to their end and not further. */
  private static InputStream firstBytes(InputStream in, long bytes) throws IOException {
    return BoundedInputStream.builder().setInputStream(in).setMaxCount(bytes).get();
  }

  /** The last line of a file whose content has this SHA-256. */
  private static byte[] sumLine(String sha256) {
    return (BEFORE_SUM + sha256 + AFTER_SUM).getBytes(StandardCharsets.US_ASCII);
  }
}
