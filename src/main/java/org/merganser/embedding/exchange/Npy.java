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
  /** The text of a header as numpy writes it: type, order of the values, and shape. */
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([^)]*)\\), \\}\\s*");

  /** A shape of two dimensions. */
  private static final Pattern MATRIX = Pattern.compile("(\\d{1,18}), (\\d{1,18})");

  /** Far more than the header of a matrix has. */
  private static final int LONGEST_HEADER = 1 << 20;

  /**
   * The header of a file.
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
    Header header = header(file);
    Matcher parts = HEADER.matcher(header.text());
    Matcher shape = MATRIX.matcher(parts.matches() ? parts.group(3) : "");
    if (!shape.matches() || !parts.group(2).equals("False")) {
      throw new EmbeddingException(
          file + ": a table is a matrix in C order, not " + header.text().strip());
    }
    RawTensor.Type type = type(parts.group(1), file);
    long rows = Long.parseLong(shape.group(1));
    long dim = Long.parseLong(shape.group(2));
    RawTensor tensor = new RawTensor(file, type, header.end(), rows, dim);
    long data = Files.size(file) - header.end();
    long wanted = tensor.rows() * type.rowBytes(tensor.dim());
    if (data != wanted) {
      tensor.close();
      throw new EmbeddingException(
          "%s: has %s bytes after its header, and its shape (%s) of %s takes %s; is it another file's header?"
              .formatted(file, data, parts.group(3), parts.group(1), wanted));
    }
    return tensor;
  }

  /**
   * Reads the header: a magic of 6 bytes, two bytes of version, the length of the text, the text.
   */
  private static Header header(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(12);
      boolean hasMagic = new String(head, StandardCharsets.ISO_8859_1).startsWith("\u0093NUMPY");
      if (head.length < 12 || !hasMagic || head[6] < 1 || head[6] > 3) {
        throw new EmbeddingException(file + " is not an npy file of version 1, 2 or 3");
      }
      // Version 1 has a length of two bytes, later versions one of four.
      ByteBuffer numbers = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      boolean isFirstVersion = head[6] == 1;
      int start = isFirstVersion ? 10 : 12;
      long length =
          isFirstVersion
              ? Short.toUnsignedLong(numbers.getShort(8))
              : Integer.toUnsignedLong(numbers.getInt(8));
      if (length > LONGEST_HEADER) {
        throw new EmbeddingException(file + ": its npy header would have " + length + " bytes");
      }
      byte[] text = new byte[(int) length];
      int alreadyRead = Math.min(12 - start, text.length);
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
