package org.merganser.checksum;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads a complete file, or a resource of the program, into memory. A device or a pipe may be
 * endless, so one with more than 64 MiB is refused.
 */
public final class WholeFile {
  /** The maximum length of an array. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  /** The maximum number of bytes of a file that is not a regular one. */
  static final int MOST_OF_PIPE = 64 << 20;

  private WholeFile() {}

  /**
   * Reads a file.
   *
   * @throws FileSystemException naming the file if it cannot be read, or has more than 2 GiB, or
   *     more than 64 MiB if it is not a regular one
   */
  public static byte[] read(Path file) throws IOException {
    try {
      return Files.isRegularFile(file) ? readRegularFile(file) : readPipe(file);
    } catch (IOException e) {
      throw named(file, e);
    }
  }

  /** The UTF-8 text of a resource next to a class. */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /**
   * The error of reading a file, with the name of the file, which Java's error of a failed read
   * lacks.
   */
  static IOException named(Path file, IOException e) {
    if (e instanceof FileSystemException) {
      return e;
    }
    IOException withName = new FileSystemException(file.toString(), null, e.getMessage());
    withName.initCause(e);
    return withName;
  }

  /** Reads a regular file. */
  private static byte[] readRegularFile(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_ARRAY) {
      throw new FileSystemException(
          file.toString(),
          null,
          "it has "
              + size
              + " bytes, more than the "
              + MAX_ARRAY
              + " that fit; name a smaller file");
    }
    return Files.readAllBytes(file);
  }

  /** Reads a file that is not a regular one, such as a pipe or a device. */
  private static byte[] readPipe(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_OF_PIPE + 1);
      if (bytes.length > MOST_OF_PIPE) {
        throw new FileSystemException(
            file.toString(),
            null,
            "it is no regular file, and more than the allowed 64 MiB come from it; name a file");
      }
      return bytes;
    }
  }
}
