package org.merganser.embedding;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A table's rows as doubles: the JIT adds doubles in vector instructions, but converts and adds
 * floats one at a time. The rows that are used first are kept, which by Zipf's law are the common
 * ones: 128 MiB of them, or a sixteenth of the heap if that is less. Thread-safe.
 */
final class DoubleRows {
  /** The maximum size of all kept rows, in bytes. */
  private static final long MOST_BYTES = Math.min(1L << 27, Runtime.getRuntime().maxMemory() / 16);

  private final EmbeddingTable table;

  /** By id; null if the row is not kept. */
  private final AtomicReferenceArray<double @Nullable []> kept;

  /** The number of rows that may still be kept. */
  private final AtomicInteger room;

  DoubleRows(EmbeddingTable table) {
    this(table, MOST_BYTES);
  }

  /**
   * @param mostBytes the maximum size of all kept rows, in bytes
   */
  DoubleRows(EmbeddingTable table, long mostBytes) {
    this.table = table;
    this.kept = new AtomicReferenceArray<>(table.rows());
    this.room = new AtomicInteger((int) Math.min(table.rows(), mostBytes / (8L * table.dim())));
  }

  /**
   * The row of {@code id}. The result is a kept row, or {@code spare}, and must not be changed.
   *
   * @param narrow of the table's dim, overwritten
   * @param spare of the table's dim, overwritten if the row is not kept
   * @throws EmbeddingException naming an id outside the table
   */
  double[] row(int id, float[] narrow, double[] spare) {
    table.checkId(id);
    double[] row = kept.get(id);
    return row == null ? readRow(id, narrow, spare) : row;
  }

  /** Reads a row from the table, and keeps it if there is room. */
  private double[] readRow(int id, float[] narrow, double[] spare) {
    table.row(id, narrow, 0);
    // The first test keeps the number from falling without end; the second one takes a place.
    boolean keep = room.get() > 0 && room.getAndDecrement() > 0;
    double[] row = keep ? new double[narrow.length] : spare;
    for (int d = 0; d < narrow.length; d++) {
      row[d] = narrow[d];
    }
    if (keep) {
      kept.set(id, row); // Two threads may keep the same row, which only costs one place.
    }
    return row;
  }
}
