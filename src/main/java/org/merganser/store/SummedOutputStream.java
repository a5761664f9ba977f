package org.merganser.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.checksum.FileSum;
import org.merganser.checksum.Sha256;

/** A buffered stream into a new local file, whose checksum is computed from the bytes that pass. */
public final class SummedOutputStream extends BufferedOutputStream {
  private final Sha256.Output summed;

  private SummedOutputStream(Sha256.Output summed) {
    super(summed, FileStore.BUFFER_BYTES);
    this.summed = summed;
  }

  /** Creates the file or replaces it; errors of writing name it. */
  public static SummedOutputStream of(Path file) throws IOException {
    return new SummedOutputStream(
        new Sha256.Output(new NamedOutputStream(file.toString(), Files.newOutputStream(file))));
  }

  /**
   * The size and checksum of the file. Called once, after the last flush or after the stream is
   * closed.
   *
   * @throws IllegalStateException if some bytes are not flushed
   */
  public FileSum sum() {
    if (count > 0) {
      throw new IllegalStateException(count + " bytes are not written");
    }
    return summed.sum();
  }
}
