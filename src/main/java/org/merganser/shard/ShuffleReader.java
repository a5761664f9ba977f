package org.merganser.shard;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/**
 * The second pass of a shuffle: reads the rows that {@link ShuffleWriter} spilled for all units, in
 * the order of their {@link ShuffledRow} keys.
 */
public final class ShuffleReader {
  /** The size of the end of the trailer: the number of runs, and the magic bytes. */
  private static final int TRAILER_END_BYTES = Integer.BYTES + ShuffleWriter.MAGIC.length;

  private ShuffleReader() {}

  /** A range of slots, {@code [from, to)}, that one worker holds in memory. */
  public record Slots(int from, int to) implements Serializable {}

  /**
   * Divides all slots into ranges whose rows in all files have at most {@code targetBytes}; a range
   * with rows in a single slot may have more. The result depends only on the rows.
   *
   * @param files the locations of files of {@link ShuffleWriter}
   */
  public static List<Slots> ranges(List<String> files, long targetBytes) throws IOException {
    long[] bytes = slotBytes(files);
    List<Slots> ranges = new ArrayList<>();
    int from = 0;
    long rangeBytes = 0;
    for (int slot = 0; slot < ShuffledRow.SLOTS; slot++) {
      if (rangeBytes > 0 && rangeBytes + bytes[slot] > targetBytes) {
        ranges.add(new Slots(from, slot));
        from = slot;
        rangeBytes = 0;
      }
      rangeBytes += bytes[slot];
    }
    if (rangeBytes > 0 || ranges.isEmpty()) {
      ranges.add(new Slots(from, ShuffledRow.SLOTS));
    }
    return ranges;
  }

  /** The bytes of each slot in all files. */
  private static long[] slotBytes(List<String> files) throws IOException {
    long[] bytes = new long[ShuffledRow.SLOTS];
    for (String file : files) {
      ByteBuffer trailer = readEnd(file, size(file), ShuffleWriter.TRAILER_BYTES);
      for (int slot = 0; slot < ShuffledRow.SLOTS; slot++) {
        bytes[slot] += trailer.getLong();
      }
    }
    return bytes;
  }

  /** Passes on the rows of a range of slots from all files, in shuffled order. */
  public static void read(List<String> files, Slots slots, ShardPacking.Rows out)
      throws IOException {
    List<ShuffledRow> rows = new ArrayList<>();
    for (String file : files) {
      addRows(file, slots, rows);
    }
    rows.sort(null);
    for (ShuffledRow row : rows) {
      out.accept(row.row());
    }
  }

  /**
   * Adds to {@code rows} those in a range of slots of one file.
   *
   * @throws UnusableFileException if the file has no room for the directory of its runs
   */
  private static void addRows(String file, Slots slots, List<ShuffledRow> rows) throws IOException {
    long size = size(file);
    int runs = readEnd(file, size, TRAILER_END_BYTES).getInt();
    long directory =
        size - ShuffleWriter.TRAILER_BYTES - (long) runs * ShuffleWriter.DIRECTORY_BYTES;
    if (runs < 0 || directory < 0) {
      throw damaged(file);
    }
    for (int run = 0; run < runs; run++) {
      ByteBuffer found =
          readSlots(file, directory + (long) run * ShuffleWriter.DIRECTORY_BYTES, slots);
      while (found.hasRemaining()) {
        rows.add(ShuffledRowCodec.read(found));
      }
    }
  }

  /**
   * Reads the rows of a range of slots in one run.
   *
   * @param entry the place of the run's entry in the directory
   */
  private static ByteBuffer readSlots(String file, long entry, Slots slots) throws IOException {
    long runStart = readBytes(file, entry, Long.BYTES).getLong();
    long slotStarts = entry + Long.BYTES;
    int count = slots.to() - slots.from() + 1; // with the end of the last slot
    ByteBuffer starts =
        readBytes(file, slotStarts + (long) Integer.BYTES * slots.from(), Integer.BYTES * count);
    int from = starts.getInt(0);
    int to = starts.getInt(Integer.BYTES * (count - 1));
    return readBytes(file, runStart + from, to - from);
  }

  private static long size(String file) throws IOException {
    return FileStore.of(file).stat(file).size();
  }

  /**
   * Reads the last {@code count} bytes of a file of this size.
   *
   * @throws UnusableFileException if the file does not end as {@link ShuffleWriter} ends it
   */
  private static ByteBuffer readEnd(String file, long size, int count) throws IOException {
    if (size >= ShuffleWriter.TRAILER_BYTES) {
      ByteBuffer end = readBytes(file, size - count, count);
      byte[] magic = new byte[ShuffleWriter.MAGIC.length];
      end.get(count - magic.length, magic);
      if (Arrays.equals(magic, ShuffleWriter.MAGIC)) {
        return end;
      }
    }
    throw damaged(file);
  }

  private static UnusableFileException damaged(String file) {
    return new UnusableFileException(
        file + " is damaged or truncated; delete it and run the job again");
  }

  private static ByteBuffer readBytes(String file, long position, int count) throws IOException {
    byte[] bytes = new byte[count];
    try (InputStream in = FileStore.of(file).open(file, position)) {
      if (in.readNBytes(bytes, 0, count) < count) {
        throw new EOFException(file + " ends before " + (position + count));
      }
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
