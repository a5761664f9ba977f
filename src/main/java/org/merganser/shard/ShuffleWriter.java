package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.FileSum;
import org.merganser.store.SummedOutputStream;

/**
 * The first pass of a shuffle: spills the rows of a unit. Rows are buffered up to 32 MiB, sorted by
 * key and written as a run. Each run has an index of its slots, so {@link ShuffleReader} reads a
 * range of slots of every unit's file without the rest.
 *
 * <pre>
 * run*        rows, sorted
 * directory   for each run: u64 where it begins, 4097 × u32 where each slot begins in it, and the end
 * trailer     4096 × u64 bytes in each slot, u32 runs, "MGSHUF1\0"
 * </pre>
 */
public final class ShuffleWriter implements Closeable {
  static final byte[] MAGIC = "MGSHUF1\0".getBytes(StandardCharsets.US_ASCII);

  /** The size of a run's entry in the directory. */
  static final int DIRECTORY_BYTES = Long.BYTES + Integer.BYTES * (ShuffledRow.SLOTS + 1);

  static final int TRAILER_BYTES = Long.BYTES * ShuffledRow.SLOTS + Integer.BYTES + MAGIC.length;

  /** A run ends with the row that makes it this large. */
  private static final int RUN_BYTES = 32 << 20;

  private final SummedOutputStream file;
  private final long seed;
  private final int unit;
  private final int runBytes;

  /** The rows of the current run, in the order of the unit, and where each one is. */
  private final ByteBuilder run = new ByteBuilder(256);

  private final List<Entry> entries = new ArrayList<>();

  private final ByteBuilder directory = new ByteBuilder(256);
  private final long[] slotBytes = new long[ShuffledRow.SLOTS];

  /** The bytes of the runs that are in the file. */
  private long written;

  private int runs;

  /** The rows of the unit so far. */
  private long rows;

  /** The id of the document of the row before, and the number of the document's first row. */
  private String document = "";

  private long documentRow;

  /** A row of the run: its key, its number in the unit, and its bytes {@code [from, to)}. */
  private record Entry(long key, long row, int from, int to) {}

  /**
   * Creates {@code file}, replacing an existing file.
   *
   * @param seed the seed of the shuffle, equal for all units
   */
  public ShuffleWriter(Path file, long seed, int unit) throws IOException {
    this(file, seed, unit, RUN_BYTES);
  }

  /** The constructor for tests of small runs. */
  ShuffleWriter(Path file, long seed, int unit, int runBytes) throws IOException {
    this.file = SummedOutputStream.of(file);
    this.seed = seed;
    this.unit = unit;
    this.runBytes = runBytes;
  }

  /** Adds the next row of the unit; the parts of a document stay together. */
  public void write(ShardRow row) throws IOException {
    if (row.part == 0 || !row.docId.equals(document)) {
      document = row.docId;
      documentRow = rows;
    }
    long key = ShuffledRow.key(seed, unit, documentRow);
    int from = run.length();
    ShuffledRow.write(run, key, unit, rows, row);
    entries.add(new Entry(key, rows, from, run.length()));
    rows++;
    slotBytes[ShuffledRow.slot(key)] += run.length() - from;
    if (run.length() >= runBytes) {
      endRun();
    }
  }

  /** Sorts the rows of the run and writes them, and adds the run to the directory. */
  private void endRun() throws IOException {
    entries.sort(Comparator.comparing(Entry::key, Long::compareUnsigned).thenComparing(Entry::row));
    directory.appendLong(written);
    int at = 0;
    int next = 0;
    for (int slot = 0; slot < ShuffledRow.SLOTS; slot++) {
      directory.appendInt(at);
      while (next < entries.size() && ShuffledRow.slot(entries.get(next).key) == slot) {
        Entry entry = entries.get(next++);
        file.write(run.bytes(), entry.from, entry.to - entry.from);
        at += entry.to - entry.from;
      }
    }
    directory.appendInt(at);
    written += at;
    runs++;
    entries.clear();
    run.clear();
  }

  /** Completes the file and returns its sum; without this call the file has no rows. */
  public FileSum finish() throws IOException {
    if (!entries.isEmpty()) {
      endRun();
    }
    for (long bytes : slotBytes) {
      directory.appendLong(bytes);
    }
    directory.appendInt(runs);
    directory.append(MAGIC, 0, MAGIC.length);
    file.write(directory.bytes(), 0, directory.length());
    file.flush();
    return file.sum();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
