package org.merganser.embedding;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * A table of {@code rows} vectors of {@code dim} floats, memory-mapped in chunks from a flat file
 * (row-major, little-endian float32) and looked up by id. Safe for many threads.
 */
public final class EmbeddingTable implements Closeable {

  /**
   * Maps the flat file of a Parquet table, making it in {@code scratch} under its sha256 unless it
   * is there already (two processes may make it at once).
   *
   * @throws EmbeddingException for a duplicate, missing or unsorted id, a ragged row, a NaN or
   *     infinity: the file and the first offending id
   */
  public static EmbeddingTable open(Path parquet, Path scratch) {
    throw new UnsupportedOperationException("interface only");
  }

  public int rows() {
    throw new UnsupportedOperationException("interface only");
  }

  public int dim() {
    throw new UnsupportedOperationException("interface only");
  }

  /** Of the Parquet file, lower-case hex. */
  public String sha256() {
    throw new UnsupportedOperationException("interface only");
  }

  /**
   * Copies the row of {@code id} to {@code out[at, at + dim)}.
   *
   * @throws EmbeddingException naming the id, and the table's size
   */
  public void row(int id, float[] out, int at) {
    throw new UnsupportedOperationException("interface only");
  }

  /** Adds the row of {@code id} to {@code sum[0, dim)}, in double precision. */
  public void addTo(int id, double[] sum) {
    throw new UnsupportedOperationException("interface only");
  }

  @Override
  public void close() {}
}
