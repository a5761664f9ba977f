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
 * The first pass of a shuffle: spills the rows of a unit into a file. Rows are buffered up to
 * {@link #RUN_BYTES}, sorted by their {@link ShuffledRow} keys and written as a run. Each run has
 * an index of its slots, so {@link ShuffleReader} reads a range of slots of every unit's file
 * without the rest. All numbers are little-endian.
 *
 * <pre>
 * run*        rows, sorted
 * directory   for each run: u64 its place in the file, 4096 × u32 the place of each slot in the run,
 *             u32 the size of the run
 * trailer     4096 × u64 bytes in each slot, u32 number of runs, "MGSHUF1\0"
 * </pre>
 */
public final class ShuffleWriter implements Closeable {
  /** The bytes at the end of the file, without which it is not complete. */
  static final byte[] MAGIC = "MGSHUF1\0".getBytes(StandardCharsets.US_ASCII);

  /** The size of a run's entry in the directory. */
  static final int DIRECTORY_BYTES = Long.BYTES + Integer.BYTES * (ShuffledRow.SLOTS + 1);

  /** The size of the trailer. */
  static final int TRAILER_BYTES = Long.BYTES * ShuffledRow.SLOTS + Integer.BYTES + MAGIC.length;

  /** A run ends with the row that makes it this large. */
  private static final int RUN_BYTES = 32 << 20;

  private final SummedOutputStream file;
  private final long seed;
  private final int unit;
  private final int runBytes;

  /** The rows of the current run, in the order of the unit. */
  private final ByteBuilder run = new ByteBuilder(256);

  /** The rows of {@link #run}. */
  private final List<BufferedRow> buffered = new ArrayList<>();

  /** The directory of the runs that are in the file. */
  private final ByteBuilder directory = new ByteBuilder(256);

  /** The bytes of the rows in each slot, in all runs. */
  private final long[] slotBytes = new long[ShuffledRow.SLOTS];

  /** The bytes of the runs that are in the file. */
  private long written;

  /** The runs that are in the file. */
  private int runs;

  /** The rows of the unit so far. */
  private long rows;

  /** The id of the document of the row before. */
  private String lastDocId = "";

  /** The number of the first row of that document. */
  private long documentRow;

  /** A row of the run: its key, its number in the unit, and its bytes {@code [from, to)}. */
  private record BufferedRow(long key, long number, int from, int to) {}

  /**
   * Creates {@code file}, replacing an existing file.
   *
   * @param seed the seed of the shuffle, equal for all units
   * @param unit the number of the unit
   */
  public ShuffleWriter(Path file, long seed, int unit) throws IOException {
    this(file, seed, unit, RUN_BYTES);
  }

  /** Writes runs of {@code runBytes}, for tests. */
  ShuffleWriter(Path file, long seed, int unit, int runBytes) throws IOException {
    this.file = SummedOutputStream.of(file);
    this.seed = seed;
    this.unit = unit;
    this.runBytes = runBytes;
  }

  /** Adds the next row of the unit; the parts of a document stay together. */
  public void write(ShardRow row) throws IOException {
    if (row.part == 0 || !row.docId.equals(lastDocId)) {
      lastDocId = row.docId;
      documentRow = rows;
    }
    long key = ShuffledRow.key(seed, unit, documentRow);
    int from = run.length();
    ShuffledRowCodec.write(run, key, unit, rows, row);
    buffered.add(new BufferedRow(key, rows, from, run.length()));
    rows++;
    slotBytes[ShuffledRow.slot(key)] += run.length() - from;
    if (run.length() >= runBytes) {
      endRun();
    }
  }

  /** Writes the rows of the run, sorted, and adds the run to the directory. */
  private void endRun() throws IOException {
    buffered.sort(
        Comparator.comparing(BufferedRow::key, Long::compareUnsigned)
            .thenComparing(BufferedRow::number));
    directory.appendLong(written);
    int at = 0;
    int next = 0;
    for (int slot = 0; slot < ShuffledRow.SLOTS; slot++) {
      directory.appendInt(at);
      while (next < buffered.size() && ShuffledRow.slot(buffered.get(next).key) == slot) {
        BufferedRow row = buffered.get(next++);
        int size = row.to - row.from;
        file.write(run.bytes(), row.from, size);
        at += size;
      }
    }
    directory.appendInt(at);
    written += at;
    runs++;
    buffered.clear();
    run.clear();
  }

  /** Completes the file and returns its sum; without this call the file cannot be read. */
  public FileSum finish() throws IOException {
    if (!buffered.isEmpty()) {
      endRun();
    }
    file.write(directory.bytes(), 0, directory.length());
    ByteBuilder trailer = new ByteBuilder(TRAILER_BYTES);
    for (long bytes : slotBytes) {
      trailer.appendLong(bytes);
    }
    trailer.appendInt(runs);
    trailer.append(MAGIC, 0, MAGIC.length);
    file.write(trailer.bytes(), 0, trailer.length());
    file.flush();
    return file.sum();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
