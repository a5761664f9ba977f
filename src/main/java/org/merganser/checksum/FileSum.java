package org.merganser.checksum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The size and the SHA-256 of a file. A writer that writes a file once and in order knows both at
 * its end, so the file is not read again for them.
 *
 * @param size in bytes
 * @param sha256 in lower-case hex
 */
public record FileSum(long size, String sha256) {
  /** Reads a file, which must not change meanwhile. */
  public static FileSum of(Path file) throws IOException {
    return new FileSum(Files.size(file), Sha256.of(file));
  }
}
