package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Vectors of another tool's file, streamed in the order of the file; a row at a time in memory. */
public interface EmbeddingSource extends Closeable {

  int dim();

  /** As the file calls its type: F32, BF16, Q8_0, text, ... */
  String dtype();

  /**
   * Reads the next row into {@code row[0, dim)}; false at the end.
   *
   * @throws EmbeddingException for a damaged file, naming the row
   */
  boolean next(float[] row) throws IOException;

  /** The token of the row that was read; null in formats where a row is known by its number. */
  @Nullable String token();

  /**
   * Opens a file by its name and first bytes: safetensors (and its {@code .index.json}), npy, GGUF,
   * Parquet, word2vec text and binary, GloVe text.
   *
   * @param tensor the tensor's or column's name, or null for the usual ones
   * @throws EmbeddingException when no format is recognised, or a tensor is not there
   */
  static EmbeddingSource open(Path file, @Nullable String tensor) throws IOException {
    byte[] head = new byte[8];
    try (var in = Files.newInputStream(file)) {
      in.readNBytes(head, 0, head.length);
    }
    String name = file.getFileName().toString();
    String magic = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1);
    if (name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json")) {
      return Safetensors.open(file, tensor);
    } else if (magic.startsWith("\u0093NUMPY")) {
      return Npy.open(file);
    } else if (magic.startsWith("GGUF")) {
      return Gguf.open(file, tensor);
    } else if (magic.startsWith("PAR1")) {
      return new ParquetSource(file, tensor);
    }
    return WordVectors.open(file);
  }
}
