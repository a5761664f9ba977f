package org.merganser.embedding.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.FloatType;
import org.merganser.json.Json;
import org.merganser.store.NamedOutputStream;

/** Writes a safetensors file of matrices, row after row: a row and a buffer in memory. */
final class SafetensorsWriter implements Closeable {
  /** The name, type and shape of a matrix. */
  record Matrix(String name, FloatType type, long rows, int dim) {
    /** The size of its data. */
    long bytes() {
      return type.bytes() * rows * dim;
    }
  }

  /** Data begins at a multiple of this many bytes; spaces fill the header. */
  private static final int ALIGNMENT = 8;

  private final OutputStream out;
  private final List<Matrix> matrices;

  /** The place in {@link #matrices} of the matrix of the next row. */
  private int current;

  /** The number of the next row in its matrix. */
  private long row;

  /**
   * Begins the file with its header; {@link #write} must follow for each row of each matrix.
   *
   * @param matrices in the order of their rows
   */
  SafetensorsWriter(Path file, List<Matrix> matrices) throws IOException {
    this.matrices = List.copyOf(matrices);
    ObjectNode header = Json.MAPPER.createObjectNode();
    header.putObject("__metadata__").put("format", "pt"); // transformers refuses files without it
    long end = 0;
    for (Matrix matrix : matrices) {
      ObjectNode entry = header.putObject(matrix.name());
      entry.put("dtype", matrix.type().name());
      entry.putArray("shape").add(matrix.rows()).add(matrix.dim());
      entry.putArray("data_offsets").add(end).add(end + matrix.bytes());
      end += matrix.bytes();
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] begin =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + padded)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded)
            .put(json)
            .put(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII))
            .array();
    this.out = NamedOutputStream.of(file);
    try {
      out.write(begin);
    } catch (IOException e) {
      try (out) {
        throw e;
      }
    }
  }

  /**
   * Writes the next row.
   *
   * @throws EmbeddingException for a value outside the range of the matrix's type
   */
  void write(float[] values) throws IOException {
    Matrix matrix = matrices.get(current);
    ByteBuffer bytes =
        ByteBuffer.allocate(matrix.type().bytes() * matrix.dim()).order(ByteOrder.LITTLE_ENDIAN);
    matrix.type().put(values, matrix.dim(), bytes, "row " + row);
    out.write(bytes.array());
    row++;
    if (row == matrix.rows()) {
      current++;
      row = 0;
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
