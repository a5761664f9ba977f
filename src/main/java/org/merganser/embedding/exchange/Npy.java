package org.merganser.embedding.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.embedding.EmbeddingException;

/** Opens a two-dimensional npy file (NEP 1) of little-endian f8, f4 or f2 in C order. */
final class Npy {
  /** The first bytes of a file, as ISO 8859-1. */
  private static final String MAGIC = "\u0093NUMPY";

  /** The place of the major version; the minor one follows. */
  private static final int VERSION_AT = MAGIC.length();

  /** The place of the length of the text. */
  private static final int LENGTH_AT = VERSION_AT + 2;

  /** The bytes before the text in version 1, in which the length of the text has two bytes. */
  private static final int BYTES_BEFORE_TEXT_1 = LENGTH_AT + Short.BYTES;

  /**
   * The bytes before the text in later versions, in which the length of the text has four bytes.
   */
  private static final int BYTES_BEFORE_TEXT = LENGTH_AT + Integer.BYTES;

  /** The text of a header as numpy writes it: type, order of the values, and shape. */
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([^)]*)\\), \\}\\s*");

  /** A shape of two dimensions. */
  private static final Pattern MATRIX = Pattern.compile("(\\d{1,18}), (\\d{1,18})");

  /** The maximum length of a header's text; that of a matrix has about a hundred bytes. */
  private static final int LONGEST_HEADER = 1 << 20;

  /**
   * The header of a file: a magic of 6 bytes, two bytes of version, the length of the text, the
   * text.
   *
   * @param text the Python dictionary
   * @param end where the data begins
   */
  private record Header(String text, long end) {}

  private Npy() {}

  /**
   * Opens a file before its first row.
   *
   * @throws EmbeddingException naming what a table does not have, or that the file is damaged
   */
  static RawTensor open(Path file) throws IOException {
    Header header = readHeader(file);
    Matcher parts = HEADER.matcher(header.text());
    if (!parts.matches()) {
      throw noMatrix(file, header);
    }
    String descr = parts.group(1);
    boolean isFortranOrder = parts.group(2).equals("True");
    Matcher shape = MATRIX.matcher(parts.group(3));
    if (!shape.matches() || isFortranOrder) {
      throw noMatrix(file, header);
    }
    RawTensor.Type type = type(descr, file);
    long rows = Long.parseLong(shape.group(1));
    long dim = Long.parseLong(shape.group(2));
    RawTensor tensor = new RawTensor(file, type, header.end(), rows, dim);
    long data = Files.size(file) - header.end();
    long wanted = tensor.rows() * type.rowBytes(tensor.dim());
    if (data != wanted) {
      tensor.close();
      throw new EmbeddingException(
          "%s: has %s bytes after its header, and its shape (%s) of %s takes %s; is it another file's header?"
              .formatted(file, data, shape.group(), descr, wanted));
    }
    return tensor;
  }

  /**
   * Whether a file begins as npy.
   *
   * @param head its first bytes
   */
  static boolean hasMagic(byte[] head) {
    return new String(head, StandardCharsets.ISO_8859_1).startsWith(MAGIC);
  }

  private static EmbeddingException noMatrix(Path file, Header header) {
    return new EmbeddingException(
        file + ": a table is a matrix in C order, not " + header.text().strip());
  }

  /** Reads the header of a file. */
  private static Header readHeader(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(BYTES_BEFORE_TEXT);
      boolean isComplete = head.length == BYTES_BEFORE_TEXT && hasMagic(head);
      int version = isComplete ? head[VERSION_AT] : 0;
      if (version < 1 || version > 3) {
        throw new EmbeddingException(file + " is not an npy file of version 1, 2 or 3");
      }
      ByteBuffer numbers = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      boolean isFirstVersion = version == 1;
      int start = isFirstVersion ? BYTES_BEFORE_TEXT_1 : BYTES_BEFORE_TEXT;
      long length =
          isFirstVersion
              ? Short.toUnsignedLong(numbers.getShort(LENGTH_AT))
              : Integer.toUnsignedLong(numbers.getInt(LENGTH_AT));
      if (length > LONGEST_HEADER) {
        throw new EmbeddingException(file + ": its npy header would have " + length + " bytes");
      }
      if (length > Files.size(file) - start) {
        throw new EmbeddingException(file + " ends in its npy header: it was cut short");
      }
      byte[] text = new byte[(int) length];
      int alreadyRead = Math.min(head.length - start, text.length);
      System.arraycopy(head, start, text, 0, alreadyRead);
      in.readNBytes(text, alreadyRead, text.length - alreadyRead);
      return new Header(new String(text, StandardCharsets.ISO_8859_1), start + length);
    }
  }

  /** The type of values with numpy's name. */
  private static RawTensor.Type type(String descr, Path file) {
    return switch (descr) {
      case "<f8" -> RawTensor.Type.F64;
      case "<f4" -> RawTensor.Type.F32;
      case "<f2" -> RawTensor.Type.F16;
      default ->
          throw new EmbeddingException(
              file + ": values are '" + descr + "'; '<f8', '<f4' and '<f2' are read");
    };
  }
}
