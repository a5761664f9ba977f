package org.merganser.shard;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.merganser.dataset.GroupCounts;
import org.merganser.parquet.ByteSink;

/**
 * Sets the rows of a unit aside for a shuffle, the first of its two passes. Rows are gathered up to
 * 32 MiB, sorted by key and written as a run; a run is found by slot, so that {@link ShuffleReader}
 * takes a range of slots out of every unit's file without reading the rest.
 *
 * <pre>
 * run*        rows, sorted
 * directory   for each run: u64 where it begins, 4097 × u32 where each slot begins in it, and the end
 * trailer     4096 × u64 bytes in each slot, u32 runs, "MGSHUF1\0"
 * </pre>
 */
public final class ShuffleWriter implements Closeable {
  static final byte[] MAGIC = "MGSHUF1\0".getBytes(StandardCharsets.US_ASCII);
  static final int DIRECTORY_BYTES = 8 + 4 * (ShuffleKey.SLOTS + 1);
  static final int TRAILER_BYTES = 8 * ShuffleKey.SLOTS + 4 + MAGIC.length;

  private static final int RUN_BYTES = 32 << 20;

  private final OutputStream file;
  private final long seed;
  private final int unit;
  private final Map<String, Double> weights;
  private final int runBytes;
  private final ByteSink run = new ByteSink();
  private final List<Entry> entries = new ArrayList<>();
  private final ByteSink directory = new ByteSink();
  private final long[] slotBytes = new long[ShuffleKey.SLOTS];
  private long written;
  private long rows;
  private int runs;
  private String document = "";
  private long documentRow;
  private int copies;

  private record Entry(long key, long row, int from, int to) {}

  /**
   * @param seed of the job
   * @param epoch from 0; each has another order
   * @param unit whose rows these are
   * @param weights how often a document of a group is taken, by the group; 1 where none is given
   */
  public ShuffleWriter(Path file, long seed, int epoch, int unit, Map<String, Double> weights)
      throws IOException {
    this(file, ShuffleKey.epochSeed(seed, epoch), unit, weights, RUN_BYTES);
  }

  ShuffleWriter(Path file, long seed, int unit, Map<String, Double> weights, int runBytes)
      throws IOException {
    this.file = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    this.seed = seed;
    this.unit = unit;
    this.weights = weights;
    this.runBytes = runBytes;
  }

  /** Adds the next row of the unit; the parts of a document stay together. */
  public void write(ShardRow row) throws IOException {
    if (row.part == 0 || !row.docId.equals(document)) {
      document = row.docId;
      documentRow = rows;
      String group = row.group == null ? GroupCounts.NONE : row.group;
      copies = ShuffleKey.copies(weights.getOrDefault(group, 1.0), seed, unit, rows);
    }
    for (int copy = 0; copy < copies; copy++) {
      write(row, ShuffleKey.of(seed, unit, documentRow, copy));
    }
    rows++;
  }

  private void write(ShardRow row, long key) throws IOException {
    int from = run.size();
    ShuffledRow.write(run, key, unit, rows, row);
    entries.add(new Entry(key, rows, from, run.size()));
    slotBytes[ShuffleKey.slot(key)] += run.size() - from;
    if (run.size() >= runBytes) {
      endRun();
    }
  }

  private void endRun() throws IOException {
    entries.sort(Comparator.comparing(Entry::key, Long::compareUnsigned).thenComparing(Entry::row));
    directory.putLong(written);
    int at = 0;
    int next = 0;
    for (int slot = 0; slot < ShuffleKey.SLOTS; slot++) {
      directory.putInt(at);
      while (next < entries.size() && ShuffleKey.slot(entries.get(next).key) == slot) {
        Entry entry = entries.get(next++);
        file.write(run.bytes(), entry.from, entry.to - entry.from);
        at += entry.to - entry.from;
      }
    }
    directory.putInt(at);
    written += at;
    runs++;
    entries.clear();
    run.clear();
  }

  /** Completes the file; without it it holds nothing. */
  public void finish() throws IOException {
    if (!entries.isEmpty()) {
      endRun();
    }
    for (long bytes : slotBytes) {
      directory.putLong(bytes);
    }
    directory.putInt(runs);
    directory.put(MAGIC, 0, MAGIC.length);
    file.write(directory.bytes(), 0, directory.size());
    file.flush();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
