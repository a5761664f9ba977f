package org.merganser.embedding;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.merganser.checksum.Sha256;
import org.merganser.store.CheckedFile;
import org.merganser.store.Scratch;

/**
 * A table of {@code rows} vectors of {@code dim} floats, memory-mapped in chunks from a flat file
 * (row-major, little-endian float32) and looked up by id. Thread-safe.
 *
 * <p>A chunk has complete rows and at most 1 GiB, since a mapping must be below 2 GiB (151,936 ×
 * 3,584 floats are 2.03 GiB). The operating system caches the used pages, once for all processes;
 * the heap only has the rows that pooling uses most ({@link DoubleRows}).
 */
public final class EmbeddingTable {
  private static final int CHUNK_BYTES = 1 << 30;

  private final FloatBuffer[] chunks;

  /** The rows of each chunk but the last one, which may have fewer. */
  private final int rowsInChunk;

  private final int rows;
  private final int dim;
  private final String sha256;
  private SoftReference<DoubleRows> doubleRows = new SoftReference<>(null);

  private EmbeddingTable(FlatFile flat, String sha256, int chunkBytes) throws IOException {
    this.rows = flat.rows();
    this.dim = flat.dim();
    this.sha256 = sha256;
    this.rowsInChunk = Math.max(1, chunkBytes / (4 * dim));
    this.chunks = new FloatBuffer[(rows + rowsInChunk - 1) / rowsInChunk];
    try (FileChannel file = FileChannel.open(flat.path(), StandardOpenOption.READ)) {
      for (int i = 0; i < chunks.length; i++) {
        int first = i * rowsInChunk;
        int count = Math.min(rowsInChunk, rows - first);
        chunks[i] =
            file.map(FileChannel.MapMode.READ_ONLY, 4L * dim * first, 4L * dim * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
      }
    }
  }

  /**
   * Maps the flat file of a Parquet table, after writing it to {@code scratch} under its sha256
   * unless it exists (two processes may write it at once). Reads the table twice, for its sum and
   * for the checks together with the flat form, and only for its sum if the flat form exists.
   *
   * @param idBound of the vocabulary; rows beyond it are padding
   * @throws EmbeddingException for a duplicate, missing or unsorted id, a ragged row, a NaN or
   *     infinity: the file and the first offending id; and if an id below {@code idBound} has no
   *     row
   */
  public static EmbeddingTable open(int idBound, Path parquet, Path scratch) {
    return open(idBound, parquet, scratch, CHUNK_BYTES);
  }

  /** As {@link #open(int, Path, Path)}, with smaller chunks for tests. */
  static EmbeddingTable open(int idBound, Path parquet, Path scratch, int chunkBytes) {
    try (TableReader in = new TableReader(parquet)) {
      checkRows(parquet.toString(), in.rows(), idBound);
      String sha256 = Sha256.of(parquet);
      return new EmbeddingTable(FlatFile.of(in, parquet, sha256, scratch), sha256, chunkBytes);
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
   * @throws EmbeddingException if an id has no row
   */
  void checkId(int id) {
    if (id < 0 || id >= rows) {
      throw new EmbeddingException("id " + id + " is not in the table of " + rows + " rows");
    }
  }

  private static void checkRows(String file, long rows, int idBound) {
    if (rows < idBound) {
      throw new EmbeddingException(
          ("%s has %s rows, the vocabulary needs %s: ids %s to %s are missing; take"
                  + " the table that belongs to the tokenizer")
              .formatted(file, rows, idBound, rows, idBound - 1));
    }
  }

  /**
   * The flat form of an embedding table: rows × dim float32, little-endian, row-major, followed by
   * the sum of a {@link CheckedFile}. Its name is {@code <sha256 of the Parquet file>-<dim>.f32},
   * which identifies its content. A rename publishes it, and it never changes afterwards. A file of
   * an earlier process is used if its checksum matches.
   */
  private record FlatFile(Path path, int rows, int dim) {
    private static final int BUFFER_BYTES = 1 << 18;

    /**
     * Writes the file unless it exists.
     *
     * @param in of the table, before its first row
     */
    static FlatFile of(TableReader in, Path parquet, String sha256, Path scratch)
        throws IOException {
      if (in.rows() > Integer.MAX_VALUE) {
        throw new EmbeddingException(parquet + " has " + in.rows() + " rows: ids are ints");
      }
      int rows = (int) in.rows();
      Path flat = scratch.resolve(sha256 + "-" + in.dim() + ".f32");
      long size = 4L * rows * in.dim() + CheckedFile.SUM_BYTES;
      if (Files.isRegularFile(flat)
          && Files.size(flat) == size
          && CheckedFile.isWhole(flat.toString())) {
        Scratch.markUsed(flat);
      } else {
        // If two processes write it, the last rename wins, with equal bytes.
        CheckedFile.publish(flat.toString(), out -> write(in, out));
      }
      return new FlatFile(flat, rows, in.dim());
    }

    private static void write(TableReader in, OutputStream out) throws IOException {
      ByteBuffer buffer =
          ByteBuffer.allocate(Math.max(BUFFER_BYTES, 4 * in.dim())).order(ByteOrder.LITTLE_ENDIAN);
      float[] row = new float[in.dim()];
      while (in.next(row)) {
        if (buffer.remaining() < 4 * in.dim()) {
          out.write(buffer.array(), 0, buffer.position());
          buffer.clear();
        }
        buffer.asFloatBuffer().put(row);
        buffer.position(buffer.position() + 4 * in.dim());
      }
      out.write(buffer.array(), 0, buffer.position());
    }
  }
}
