package org.merganser.embedding.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.merganser.binary.NpyHeader;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.TableReader;
import org.merganser.store.NamedOutputStream;

/** Writes a table in other tools' formats, streaming: a row and a buffer in memory. */
public final class EmbeddingExport {
  private EmbeddingExport() {}

  /**
   * Writes a safetensors file of one matrix.
   *
   * @param table a table as Parquet
   * @param tensor the name of the matrix
   * @throws EmbeddingException for a value outside the range of {@code type}
   */
  public static void writeSafetensors(Path table, String tensor, FloatType type, Path file)
      throws IOException {
    try (TableReader in = TableReader.ofTable(table);
        SafetensorsWriter out =
            new SafetensorsWriter(
                file, List.of(new SafetensorsWriter.Matrix(tensor, type, in.rows(), in.dim())))) {
      float[] row = new float[in.dim()];
      while (in.next(row)) {
        out.write(row);
      }
    }
  }

  /**
   * Writes an npy file of version 1.0.
   *
   * @param table a table as Parquet
   * @param type F32 or F16: npy has no BF16
   * @throws EmbeddingException for BF16, or a value outside the range of {@code type}
   */
  public static void writeNpy(Path table, FloatType type, Path file) throws IOException {
    if (type == FloatType.BF16) {
      throw new EmbeddingException("npy knows no BF16; write F32 or F16, or safetensors");
    }
    try (TableReader in = TableReader.ofTable(table);
        OutputStream out = NamedOutputStream.of(file)) {
      out.write(NpyHeader.of("<f" + type.bytes(), in.rows() + ", " + in.dim()));
      writeRows(in, type, out);
    }
  }

  /** Whether a file is a safetensors file of one matrix. */
  public static boolean isSafetensors(Path file) throws IOException {
    String anyTensor = null;
    try {
      Safetensors.open(file, anyTensor).close();
      return Safetensors.names(file).size() == 1;
    } catch (EmbeddingException e) {
      return false;
    }
  }

  /** Whether a file is an npy file of a matrix. */
  public static boolean isNpy(Path file) throws IOException {
    try {
      Npy.open(file).close();
      return true;
    } catch (EmbeddingException e) {
      return false;
    }
  }

  /** Writes the values of all rows. */
  private static void writeRows(TableReader in, FloatType type, OutputStream out)
      throws IOException {
    byte[] bytes = new byte[type.bytes() * in.dim()];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] row = new float[in.dim()];
    for (long number = 0; in.next(row); number++) {
      buffer.clear();
      type.put(row, in.dim(), buffer, "row " + number);
      out.write(bytes);
    }
  }
}
