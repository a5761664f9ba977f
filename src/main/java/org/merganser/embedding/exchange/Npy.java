package org.merganser.embedding.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.embedding.EmbeddingException;

/** Opens a two-dimensional npy file (NEP 1) of little-endian f8, f4 or f2 in C order. */
final class Npy {
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([^)]*)\\), \\}\\s*");
  private static final Pattern MATRIX = Pattern.compile("(\\d{1,18}), (\\d{1,18})");

  private Npy() {}

  static RawTensor open(Path file) throws IOException {
    int length;
    int start;
    String header;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(12);
      boolean magic = new String(head, StandardCharsets.ISO_8859_1).startsWith("\u0093NUMPY");
      if (head.length < 12 || !magic || head[6] < 1 || head[6] > 3) {
        throw new EmbeddingException(file + " is not an npy file of version 1, 2 or 3");
      }
      length = head[8] & 0xFF | (head[9] & 0xFF) << 8;
      start = 10;
      if (head[6] > 1) {
        length |= (head[10] & 0xFF) << 16 | (head[11] & 0x7F) << 24;
        start = 12;
      }
      if (length > 1 << 20) {
        throw new EmbeddingException(file + ": its npy header would have " + length + " bytes");
      }
      byte[] text = new byte[length];
      int have = Math.min(12 - start, length);
      System.arraycopy(head, start, text, 0, have);
      in.readNBytes(text, have, length - have);
      header = new String(text, StandardCharsets.ISO_8859_1);
    }
    Matcher parts = HEADER.matcher(header);
    Matcher shape = MATRIX.matcher(parts.matches() ? parts.group(3) : "");
    if (!shape.matches() || !parts.group(2).equals("False")) {
      throw new EmbeddingException(
          file + ": a table is a matrix in C order, not " + header.strip());
    }
    RawTensor.Type type =
        switch (parts.group(1)) {
          case "<f8" -> RawTensor.Type.F64;
          case "<f4" -> RawTensor.Type.F32;
          case "<f2" -> RawTensor.Type.F16;
          default ->
              throw new EmbeddingException(
                  file + ": values are '" + parts.group(1) + "'; '<f8', '<f4' and '<f2' are read");
        };
    RawTensor tensor =
        new RawTensor(
            file,
            type,
            start + (long) length,
            Long.parseLong(shape.group(1)),
            Long.parseLong(shape.group(2)));
    long data = Files.size(file) - start - length;
    long wanted = tensor.rows() * type.rowBytes(tensor.dim());
    if (data != wanted) {
      tensor.close();
      throw new EmbeddingException(
          "%s: has %s bytes after its header, and its shape (%s) of %s takes %s; is it another file's header?"
              .formatted(file, data, parts.group(3), parts.group(1), wanted));
    }
    return tensor;
  }
}
