package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.store.FileStore;

/**
 * Says why the footer of a Parquet file cannot be read, by the first and last bytes of the file.
 * {@link ParquetSchemaProblem} says what is wrong with a footer that can be read.
 */
final class ParquetFooterProblem {
  /** The first and the last bytes of a file. */
  private static final String MAGIC = Objects.requireNonNull(InputFormat.PARQUET.magic());

  /** The last bytes of a file whose footer is encrypted. */
  private static final String ENCRYPTED_MAGIC = "PARE";

  /** The bytes of a file with an empty footer: two magic numbers, and the length of the footer. */
  private static final int LEAST_BYTES = 2 * MAGIC.length() + Integer.BYTES;

  private ParquetFooterProblem() {}

  /**
   * The detail of the dead letter of a file.
   *
   * @param found the exception of parquet-java, or of the check of the footer
   */
  static String detail(InputFile file, Exception found) throws IOException {
    if (file.size() == 0) {
      return "the file is empty, not even a Parquet file without rows";
    }
    String begin = magicAt(file, 0);
    String end = magicAt(file, Math.max(0, file.size() - MAGIC.length()));
    if (end.equals(ENCRYPTED_MAGIC)) {
      return "the footer is encrypted (PARE); decrypt the file first";
    }
    if (!begin.equals(MAGIC)) {
      return "the file is not Parquet: it does not begin with PAR1";
    }
    return end.equals(MAGIC) && file.size() >= LEAST_BYTES
        ? "the file begins and ends as Parquet does, but " + ParquetRecords.message(found)
        : "the file begins like Parquet, but has no footer: it was truncated at "
            + file.size()
            + " bytes";
  }

  /** The bytes at a place, as many as a magic number has; fewer at the end of the file. */
  private static String magicAt(InputFile file, long at) throws IOException {
    try (InputStream in = FileStore.of(file.location()).open(file.location(), at)) {
      return new String(in.readNBytes(MAGIC.length()), StandardCharsets.ISO_8859_1);
    }
  }
}
