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
import org.merganser.parquet.ShardException;

/** Reads rows that units set aside for a shuffle, in their new order: its second pass. */
public final class ShuffleReader {
  /** Opens a file at a position. */
  @FunctionalInterface
  public interface Opening {
    InputStream open(long position) throws IOException;
  }

  /** A file that {@link ShuffleWriter} wrote, wherever it lies. */
  public record Source(String name, long size, Opening opening) {}

  /** Bytes of the trailer: the count of runs and the mark. */
  private static final int TAIL_BYTES = 4 + ShuffleWriter.MAGIC.length;

  private ShuffleReader() {}

  /** A range of slots, {@code [from, to)}, that one worker holds in memory. */
  public record Slots(int from, int to) implements Serializable {}

  /**
   * Cuts all slots into ranges of about {@code targetBytes}, from all files; a single slot may hold
   * more. Depends on the rows alone.
   */
  public static List<Slots> ranges(List<Source> files, long targetBytes) throws IOException {
    long[] bytes = new long[ShuffleKey.SLOTS];
    for (Source file : files) {
      ByteBuffer trailer = tail(file, ShuffleWriter.TRAILER_BYTES);
      for (int slot = 0; slot < ShuffleKey.SLOTS; slot++) {
        bytes[slot] += trailer.getLong();
      }
    }
    List<Slots> ranges = new ArrayList<>();
    int from = 0;
    long held = 0;
    for (int slot = 0; slot < ShuffleKey.SLOTS; slot++) {
      if (held > 0 && held + bytes[slot] > targetBytes) {
        ranges.add(new Slots(from, slot));
        from = slot;
        held = 0;
      }
      held += bytes[slot];
    }
    if (held > 0 || ranges.isEmpty()) {
      ranges.add(new Slots(from, ShuffleKey.SLOTS));
    }
    return ranges;
  }

  /** Hands on the rows of a range of slots from all files, in shuffled order. */
  public static void read(List<Source> files, Slots slots, ShardPacking.Rows out)
      throws IOException {
    List<ShuffledRow> rows = new ArrayList<>();
    for (Source file : files) {
      gather(file, slots, rows);
    }
    rows.sort(null);
    for (ShuffledRow row : rows) {
      out.accept(row.row());
    }
  }

  private static void gather(Source file, Slots slots, List<ShuffledRow> rows) throws IOException {
    int runs = tail(file, TAIL_BYTES).getInt();
    long directory =
        file.size() - ShuffleWriter.TRAILER_BYTES - (long) runs * ShuffleWriter.DIRECTORY_BYTES;
    for (int run = 0; run < runs; run++) {
      long entry = directory + (long) run * ShuffleWriter.DIRECTORY_BYTES;
      long begin = bytes(file, entry, 8).getLong();
      int count = slots.to() - slots.from() + 1;
      ByteBuffer places = bytes(file, entry + 8 + 4L * slots.from(), 4 * count);
      int from = places.getInt(0);
      int to = places.getInt(4 * (count - 1));
      ByteBuffer segment = bytes(file, begin + from, to - from);
      while (segment.hasRemaining()) {
        rows.add(ShuffledRow.read(segment));
      }
    }
  }

  /** The last bytes of a file: of its trailer, which ends with the mark. */
  private static ByteBuffer tail(Source file, int count) throws IOException {
    if (file.size() >= ShuffleWriter.TRAILER_BYTES) {
      ByteBuffer tail = bytes(file, file.size() - count, count);
      byte[] magic = new byte[ShuffleWriter.MAGIC.length];
      tail.get(count - magic.length, magic);
      if (Arrays.equals(magic, ShuffleWriter.MAGIC)) {
        return tail;
      }
    }
    throw new ShardException(
        file.name() + " is damaged or cut short; delete it and run the job again");
  }

  private static ByteBuffer bytes(Source file, long position, int count) throws IOException {
    byte[] bytes = new byte[count];
    try (InputStream in = file.opening().open(position)) {
      if (in.readNBytes(bytes, 0, count) < count) {
        throw new EOFException(file.name() + " ends before " + (position + count));
      }
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
