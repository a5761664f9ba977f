package org.merganser.embedding.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;

/** Vectors of another tool's file, streamed in the order of the file; a row at a time in memory. */
interface EmbeddingSource extends Closeable {

  /** How errors call the file. */
  String name();

  int dim();

  /** As the file calls its type: F64, F32, F16 or BF16. */
  String dtype();

  /**
   * Reads the next row into {@code row[0, dim)}; false at the end.
   *
   * @throws EmbeddingException for a damaged file, naming the row
   */
  boolean next(float[] row) throws IOException;

  /** The token of the row that was read; null in formats where a row is known by its number. */
  default @Nullable String token() {
    return null;
  }

  /** Whether rows have a token and no id. */
  default boolean byToken() {
    return false;
  }

  /** Whether rows have ids that are not 0, 1, 2, … in the order of the file. */
  default boolean idsOutOfOrder() {
    return false;
  }

  /** The id of the row that was read, where {@link #idsOutOfOrder}. */
  default int id() {
    throw new IllegalStateException("rows are in the order of their ids");
  }

  /** What of a model's folder is opened: {@code model.safetensors}, or the index of its parts. */
  static Path file(Path source) {
    if (!Files.isDirectory(source)) {
      return source;
    }
    List<String> names = List.of("model.safetensors", "model.safetensors.index.json");
    for (String name : names) {
      if (Files.isRegularFile(source.resolve(name))) {
        return source.resolve(name);
      }
    }
    throw new EmbeddingException(
        source + " is a folder without " + String.join(" or ", names) + "; name a file");
  }

  /**
   * Opens a file by its name and first bytes: safetensors (and its {@code .index.json}), npy or
   * Parquet.
   *
   * @param tensor the tensor's or column's name, or null for the usual ones
   * @throws EmbeddingException when no format is recognised, or a tensor is not there
   */
  static EmbeddingSource open(Path file, @Nullable String tensor) throws IOException {
    byte[] head = new byte[9];
    try (var in = Files.newInputStream(file)) {
      in.readNBytes(head, 0, head.length);
    }
    String name = EmbeddingImport.name(file);
    String magic = new String(head, StandardCharsets.ISO_8859_1);
    long first = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    boolean headerOfJson = head[8] == '{' && first > 1 && first <= Files.size(file) - 8;
    if (name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json") || headerOfJson) {
      return Safetensors.open(file, tensor);
    } else if (magic.startsWith("\u0093NUMPY")) {
      return Npy.open(file);
    } else if (magic.startsWith("PAR1")) {
      return new ParquetSource(file, tensor);
    }
    throw new EmbeddingException(
        file + " is no embedding file that is known: safetensors, npy, Parquet");
  }
}
