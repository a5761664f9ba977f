package org.merganser.learn;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.merganser.bpe.Varints;

/**
 * A sorted table of (tuple, count) as bytes. An entry is, in LEB128: the number of ints that it
 * shares with the one before, the distance of the first int that differs, the other ints, the
 * count. After (5, 9, 2) the entry (5, 11, 4) of count 3 is {@code 1, 2, 4, 3}.
 */
public final class PackedTuples {
  private PackedTuples() {}

  @FunctionalInterface
  public interface Visitor {
    /**
     * @param tuple overwritten by the next entry
     */
    void visit(int[] tuple, long count);
  }

  public static void forEach(int length, byte[] block, Visitor visitor) {
    Cursor cursor = new Cursor(length, block, 0);
    while (cursor.next()) {
      visitor.visit(cursor.tuple, cursor.count);
    }
  }

  /** Merges blocks; counts of equal tuples are added. */
  public static byte[] merge(int length, List<byte[]> blocks) {
    Writer merged = new Writer(length);
    PriorityQueue<Cursor> queue = new PriorityQueue<>(Math.max(1, blocks.size()));
    for (byte[] block : blocks) {
      Cursor cursor = new Cursor(length, block, queue.size());
      if (cursor.next()) {
        queue.add(cursor);
      }
    }
    int[] tuple = new int[length];
    while (!queue.isEmpty()) {
      System.arraycopy(queue.element().tuple, 0, tuple, 0, length);
      long count = 0;
      while (!queue.isEmpty() && Arrays.equals(queue.element().tuple, tuple)) {
        Cursor cursor = queue.remove();
        count = Math.addExact(count, cursor.count);
        if (cursor.next()) {
          queue.add(cursor);
        }
      }
      merged.add(tuple, 0, count);
    }
    return merged.toBytes();
  }

  static final class Writer {
    private final int length;
    private final int[] last;
    private byte[] bytes = new byte[256];
    private int size;

    Writer(int length) {
      this.length = length;
      this.last = new int[length];
    }

    void add(int[] from, int at, long count) {
      int shared = 0;
      while (shared < length - 1 && from[at + shared] == last[shared]) {
        shared++;
      }
      varint(shared);
      varint((long) from[at + shared] - last[shared]);
      for (int i = shared + 1; i < length; i++) {
        varint(from[at + i]);
      }
      varint(count);
      System.arraycopy(from, at, last, 0, length);
    }

    private void varint(long value) {
      if (value < 0) {
        throw new IllegalArgumentException("tuples are not in ascending order");
      }
      if (bytes.length - size < 10) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * bytes.length));
      }
      size = Varints.write(bytes, size, value);
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes, size);
    }
  }

  private static final class Cursor implements Comparable<Cursor> {
    private final byte[] block;
    private final int number;
    private final int[] tuple;
    private long count;
    private int at;

    Cursor(int length, byte[] block, int number) {
      this.block = block;
      this.number = number;
      this.tuple = new int[length];
    }

    boolean next() {
      if (at == block.length) {
        return false;
      }
      int shared = (int) varint();
      tuple[shared] += (int) varint();
      for (int i = shared + 1; i < tuple.length; i++) {
        tuple[i] = (int) varint();
      }
      count = varint();
      return true;
    }

    private long varint() {
      long value = Varints.read(block, at);
      at += Varints.length(value);
      return value;
    }

    @Override
    public int compareTo(Cursor other) {
      int order = Arrays.compare(tuple, other.tuple);
      return order != 0 ? order : Integer.compare(number, other.number);
    }
  }
}
