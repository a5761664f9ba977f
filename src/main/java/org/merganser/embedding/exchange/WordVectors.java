package org.merganser.embedding.exchange;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;

/**
 * Vectors by word: word2vec text ({@code rows dim} on the first line), GloVe text (no such line),
 * and word2vec binary (that line, then {@code word, space, dim float32} a row). A GloVe token may
 * hold spaces: the last dim fields are the vector.
 */
final class WordVectors implements EmbeddingSource {
  private static final int MAX_LINE = 16 << 20;

  private final Path path;
  private final InputStream in;
  private final int dim;
  private final long told;
  private final boolean binary;
  private @Nullable String pending;
  private @Nullable String token;
  private long row;

  private WordVectors(
      Path path, InputStream in, int dim, long told, boolean binary, @Nullable String pending) {
    this.path = path;
    this.in = in;
    this.dim = dim;
    this.told = told;
    this.binary = binary;
    this.pending = pending;
  }

  static WordVectors open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      String first = line(in, file);
      if (first == null) {
        throw new EmbeddingException(file + " is empty");
      }
      String[] fields = first.strip().split(" ", -1);
      if (fields.length == 2 && fields[0].matches("\\d{1,10}") && fields[1].matches("\\d{1,7}")) {
        long rows = Long.parseLong(fields[0]);
        int dim = Integer.parseInt(fields[1]);
        if (dim < 1) {
          throw new EmbeddingException(file + ": its first line says dim " + dim);
        }
        return new WordVectors(file, in, dim, rows, isBinary(in), null);
      }
      if (fields.length < 3 || !isNumber(fields[fields.length - 1])) {
        throw new EmbeddingException(
            file
                + " is no embedding file that is known: safetensors, npy, GGUF, Parquet, word2vec"
                + " text or binary, GloVe text");
      }
      int dim = 0;
      while (dim < fields.length - 1 && isNumber(fields[fields.length - 1 - dim])) {
        dim++;
      }
      return new WordVectors(file, in, dim, -1, false, first);
    } catch (EmbeddingException e) {
      in.close();
      throw e;
    }
  }

  /** Text has no control bytes but white space; four bytes of a float mostly do. */
  private static boolean isBinary(InputStream in) throws IOException {
    in.mark(1 << 15);
    byte[] ahead = in.readNBytes(1 << 14);
    in.reset();
    for (byte b : ahead) {
      if (b >= 0 && b < 0x20 && b != '\n' && b != '\r' && b != '\t') {
        return true;
      }
    }
    return false;
  }

  private static boolean isNumber(String field) {
    return field.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")
        || field.equalsIgnoreCase("nan");
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public boolean byToken() {
    return true;
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public String dtype() {
    return binary ? "F32" : "text";
  }

  @Override
  public @Nullable String token() {
    return token;
  }

  @Override
  public boolean next(float[] out) throws IOException {
    boolean more = binary ? nextBinary(out) : nextText(out);
    if (!more && told >= 0 && row != told) {
      throw new EmbeddingException(
          path + ": its first line says " + told + " rows, there are " + row);
    }
    row += more ? 1 : 0;
    return more;
  }

  private boolean nextText(float[] out) throws IOException {
    String line = pending != null ? pending : line(in, path);
    pending = null;
    if (line == null) {
      return false;
    }
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == ' ') {
      end--;
    }
    for (int i = dim - 1; i >= 0; i--) {
      int space = line.lastIndexOf(' ', end - 1);
      if (space < 0) {
        throw new EmbeddingException(
            "%s: row %s has %s values after its token, not %s"
                .formatted(path, row, dim - 1 - i, dim));
      }
      String field = line.substring(space + 1, end);
      try {
        out[i] = Float.parseFloat(field);
      } catch (NumberFormatException e) {
        throw new EmbeddingException(
            path + ": row " + row + ": \"" + field + "\" is not a number", e);
      }
      end = space;
    }
    token = line.substring(0, end);
    return true;
  }

  private boolean nextBinary(float[] out) throws IOException {
    if (row == told) {
      return false;
    }
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    int b = in.read();
    while (b == '\n') {
      b = in.read(); // the original tool ends rows with a line feed, others do not
    }
    for (; b >= 0 && b != ' '; b = in.read()) {
      word.write(b);
      if (word.size() > MAX_LINE) {
        throw new EmbeddingException(path + ": row " + row + " has no end of its word");
      }
    }
    byte[] vector = in.readNBytes(4 * dim);
    if (vector.length < 4 * dim) {
      return false;
    }
    for (int i = 0; i < dim; i++) {
      out[i] =
          Float.intBitsToFloat(
              vector[4 * i] & 0xFF
                  | (vector[4 * i + 1] & 0xFF) << 8
                  | (vector[4 * i + 2] & 0xFF) << 16
                  | vector[4 * i + 3] << 24);
    }
    token = word.toString(StandardCharsets.UTF_8);
    return true;
  }

  /** A line without its end, or null. Lines end with LF or CRLF alone: words may hold U+0085. */
  private static @Nullable String line(InputStream in, Path path) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
      if (line.size() > MAX_LINE) {
        throw new EmbeddingException(path + ": a line is longer than " + MAX_LINE + " bytes");
      }
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
