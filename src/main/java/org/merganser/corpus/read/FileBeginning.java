package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.DecodedInput;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.store.FileStore;

/** Reads the first bytes of a corpus file, decoded, without reading the rest. */
public final class FileBeginning {
  /** The most bytes of a beginning that becomes a text. */
  static final int MOST_BYTES_OF_TEXT = 1 << 20;

  private FileBeginning() {}

  /**
   * The text at the beginning of a file, without a byte order mark; its last character may be cut.
   *
   * @param length in bytes, of which at most {@value #MOST_BYTES_OF_TEXT} are read
   */
  public static String text(InputFile file, int length) throws IOException {
    byte[] bytes = bytes(file, Math.min(length, MOST_BYTES_OF_TEXT));
    return ByteOrderMark.removedFrom(new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * The first decoded bytes of a file.
   *
   * @param length the most bytes that are read of the file, and that are decoded of them
   */
  public static byte[] bytes(InputFile file, int length) throws IOException {
    byte[] stored;
    try (InputStream in = FileStore.of(file.location()).open(file.location(), 0)) {
      stored = in.readNBytes(length);
    }
    try (DecodedInput decoded = new DecodedInput(StoredInput.of(stored), file.compression())) {
      return decoded.head(length);
    }
  }
}
