package org.merganser.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.merganser.checksum.Sha256;

/**
 * A table of {@code rows} vectors of {@code dim} floats, memory-mapped in chunks from a flat file
 * (row-major, little-endian float32) and looked up by id. Thread-safe.
 *
 * <p>A chunk has complete rows and at most 1 GiB, since a mapping must be below 2 GiB (151,936 ×
 * 3,584 floats are 2.03 GiB). The operating system caches the used pages, once for all processes;
 * the heap only has rows that pooling uses ({@link DoubleRows}).
 */
public final class EmbeddingTable {
  /** The most bytes of a chunk. */
  private static final int CHUNK_BYTES = 1 << 30;

  private final FloatBuffer[] chunks;

  /** The rows of each chunk but the last one, which may have fewer. */
  private final int rowsInChunk;

  private final int rows;
  private final int dim;
  private final String sha256;

  /** Rows that pooling uses; guarded by this. */
  private SoftReference<DoubleRows> doubleRows = new SoftReference<>(null);

  /** Maps a flat file, whose table has this sha256. */
  private EmbeddingTable(FlatFile flat, String sha256, int chunkBytes) throws IOException {
    this.rows = flat.rows();
    this.dim = flat.dim();
    this.sha256 = sha256;
    long rowBytes = (long) Float.BYTES * dim;
    this.rowsInChunk = (int) Math.max(1, chunkBytes / rowBytes);
    this.chunks = new FloatBuffer[(rows + rowsInChunk - 1) / rowsInChunk];
    try (FileChannel file = FileChannel.open(flat.path(), StandardOpenOption.READ)) {
      for (int i = 0; i < chunks.length; i++) {
        int first = i * rowsInChunk;
        int count = Math.min(rowsInChunk, rows - first);
        chunks[i] =
            file.map(FileChannel.MapMode.READ_ONLY, rowBytes * first, rowBytes * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
      }
    }
  }

  /**
   * Maps the {@link FlatFile} of a Parquet table, which is written to {@code scratch} unless it
   * exists. The table is read for its sum, and a second time, with the checks of its rows, only if
   * the flat file is written.
   *
   * @param idBound of the vocabulary; rows beyond it are padding
   * @throws EmbeddingException for a duplicate, missing or unsorted id, a ragged row, a NaN or
   *     infinity: the file and the first offending id; and if an id below {@code idBound} has no
   *     row
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static EmbeddingTable open(int idBound, Path parquet, Path scratch) {
    return open(idBound, parquet, scratch, CHUNK_BYTES);
  }

  /** As {@link #open(int, Path, Path)}, with smaller chunks for tests. */
  static EmbeddingTable open(int idBound, Path parquet, Path scratch, int chunkBytes) {
    try (TableReader in = TableReader.ofTable(parquet)) {
      checkRows(parquet.toString(), in.rows(), idBound);
      String sha256 = Sha256.of(parquet);
      return new EmbeddingTable(FlatFile.provide(in, parquet, sha256, scratch), sha256, chunkBytes);
    } catch (IOException e) {
      throw new UncheckedIOException("embedding table " + parquet + ": " + e, e);
    }
  }

  /**
   * Checks that each id of a vocabulary has a row.
   *
   * @param name of the table in the error
   * @throws EmbeddingException if an id below {@code idBound} has no row
   */
  public void requireRows(String name, int idBound) {
    checkRows(name, rows, idBound);
  }

  /** The number of rows, which have the ids from 0. */
  public int rows() {
    return rows;
  }

  /** The number of floats of a row. */
  public int dim() {
    return dim;
  }

  /** The sum of the Parquet file, in lower-case hex. */
  public String sha256() {
    return sha256;
  }

  /**
   * Copies the row of an id to {@code out[at, at + dim)}.
   *
   * @throws EmbeddingException naming the id, and the table's size
   */
  public void row(int id, float[] out, int at) {
    checkId(id);
    chunks[id / rowsInChunk].get((id % rowsInChunk) * dim, out, at, dim);
  }

  /** The rows as doubles, shared by all poolings; garbage-collected if unused. */
  synchronized DoubleRows doubleRows() {
    DoubleRows kept = doubleRows.get();
    if (kept == null) {
      kept = new DoubleRows(this);
      doubleRows = new SoftReference<>(kept);
    }
    return kept;
  }

  /**
   * Checks that an id has a row.
   *
   * @throws EmbeddingException if it has none
   */
  void checkId(int id) {
    if (id < 0 || id >= rows) {
      throw new EmbeddingException("id " + id + " is not in the table of " + rows + " rows");
    }
  }

  /**
   * Checks that there are as many rows as ids, or more.
   *
   * @throws EmbeddingException if there are fewer
   */
  private static void checkRows(String file, long rows, int idBound) {
    if (rows < idBound) {
      throw new EmbeddingException(
          ("%s has %s rows, the vocabulary needs %s: ids %s to %s are missing; take"
                  + " the table that belongs to the tokenizer")
              .formatted(file, rows, idBound, rows, idBound - 1));
    }
  }
}
