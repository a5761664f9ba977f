package org.merganser.checksum;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFileTest {
  @Test
  void aFileThatNoArrayHoldsIsRefusedByName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("large.json");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(1L << 31); // without blocks on the disk
    }
    assertThatThrownBy(() -> WholeFile.read(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(
            file
                + ": it has 2147483648 bytes, more than the 2147483631 that fit; name a smaller"
                + " file");
  }
}
