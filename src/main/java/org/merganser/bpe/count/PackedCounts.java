package org.merganser.bpe.count;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import org.merganser.binary.Varints;

/**
 * Pretoken counts in transport form: sorted by unsigned bytes, front-coded, variable-length counts.
 * The same pretokens with the same counts have the same bytes. The caller compresses and adds a
 * checksum.
 *
 * <p>A block has for each entry {@code shared suffix-length suffix count}, where {@code shared} is
 * the length of the common prefix with the entry before; numbers are unsigned LEB128. A block
 * without entries is an array of length 0.
 */
public final class PackedCounts {
  private PackedCounts() {}

  /**
   * One block with the entries of all blocks, whose counts are added up. Holds the blocks and the
   * result in memory.
   *
   * @throws ArithmeticException if a count exceeds a long
   */
  public static byte[] combine(Collection<byte[]> blocks) {
    PackedWriter out = new PackedWriter();
    forEachCombined(blocks, out::append);
    return out.toBlock();
  }

  /**
   * Visits the entries of many blocks as if they were one: in order, each pretoken once with the
   * total of its counts. Holds the blocks in memory.
   *
   * @throws ArithmeticException if a count exceeds a long
   */
  public static void forEachCombined(Collection<byte[]> blocks, PretokenCounts.Visitor visitor) {
    forEachByBlock(
        blocks,
        (bytes, from, to, numbers, counts, n) -> {
          long total = counts[0];
          for (int i = 1; i < n; i++) {
            total = Math.addExact(total, counts[i]);
          }
          visitor.visit(bytes, from, to, total);
        });
  }

  /**
   * Visits the entries of many blocks in order, each pretoken once with its counts by block. The
   * blocks are read together through a heap, whose first reader has the smallest pretoken; of equal
   * pretokens the block with the lowest number comes first. When a single block is left, its
   * entries are read without the heap.
   *
   * @param visitor receives, as group numbers, the indexes of the blocks in {@code blocks}
   */
  static void forEachByBlock(Collection<byte[]> blocks, GroupedCounts.Visitor visitor) {
    PackedReader[] heap = new PackedReader[blocks.size()];
    int size = fillHeap(heap, blocks);
    int[] numbers = new int[heap.length];
    long[] counts = new long[heap.length];
    byte[] key = new byte[64];
    while (size > 1) {
      int length = heap[0].keyLength;
      if (length > key.length) {
        key = new byte[Math.max(length, 2 * key.length)];
      }
      System.arraycopy(heap[0].key, 0, key, 0, length);
      int n = 0;
      while (size > 0 && isAt(heap[0], key, length)) {
        numbers[n] = heap[0].number;
        counts[n++] = heap[0].count;
        if (!heap[0].next()) {
          heap[0] = heap[--size];
        }
        siftDown(heap, size, 0);
      }
      visitor.visit(key, 0, length, numbers, counts, n);
    }
    if (size == 1) {
      forEachLeft(heap[0], numbers, counts, visitor);
    }
  }

  /** Opens a reader of each block that has an entry; returns their number. */
  private static int fillHeap(PackedReader[] heap, Collection<byte[]> blocks) {
    int size = 0;
    int number = 0;
    for (byte[] block : blocks) {
      PackedReader reader = new PackedReader(block, number++);
      if (reader.next()) {
        heap[size++] = reader;
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(heap, size, i);
    }
    return size;
  }

  /** Visits the remaining entries of the last block: all entries if there is only one block. */
  private static void forEachLeft(
      PackedReader reader, int[] numbers, long[] counts, GroupedCounts.Visitor visitor) {
    numbers[0] = reader.number;
    do {
      counts[0] = reader.count;
      visitor.visit(reader.key, 0, reader.keyLength, numbers, counts, 1);
    } while (reader.next());
  }

  /**
   * Moves the reader at {@code from} down to its place in the heap. {@link java.util.PriorityQueue}
   * cannot do this for its first element: removing and adding it costs twice as much.
   */
  private static void siftDown(PackedReader[] heap, int size, int from) {
    PackedReader moved = heap[from];
    int at = from;
    for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1].compareTo(heap[child]) < 0) {
        child++;
      }
      if (moved.compareTo(heap[child]) <= 0) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }

  /** Whether the current entry of a reader has the pretoken {@code key[0, length)}. */
  private static boolean isAt(PackedReader reader, byte[] key, int length) {
    return Arrays.equals(reader.key, 0, reader.keyLength, key, 0, length);
  }

  /** Reads one block, entry by entry. */
  private static final class PackedReader implements Comparable<PackedReader> {
    /** Eight bytes as a long, the first highest. */
    private static final VarHandle BIG_ENDIAN =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] block;

    /** The index among the blocks that are read together. */
    private final int number;

    /** Where the next entry begins. */
    private int at;

    /** The pretoken of the current entry is {@code key[0, keyLength)}. */
    private byte[] key = new byte[64];

    private int keyLength;

    /** The first eight bytes of the key, the first highest, zeros after its end. */
    private long firstBytes;

    /** The count of the current entry. */
    private long count;

    PackedReader(byte[] block, int number) {
      this.block = block;
      this.number = number;
    }

    /** Reads the next entry; false at the end of the block. */
    boolean next() {
      if (at == block.length) {
        return false;
      }
      int shared = (int) varint();
      int suffix = (int) varint();
      keyLength = shared + suffix;
      if (keyLength > key.length) {
        key = Arrays.copyOf(key, Math.max(keyLength, 2 * key.length));
      }
      System.arraycopy(block, at, key, shared, suffix);
      at += suffix;
      firstBytes = firstBytes();
      count = varint();
      return true;
    }

    /** Computes {@link #firstBytes}; the key has a byte or more, as every pretoken does. */
    private long firstBytes() {
      long eight = (long) BIG_ENDIAN.get(key, 0);
      if (keyLength >= 8) {
        return eight;
      }
      int unused = 64 - 8 * keyLength;
      return (eight >>> unused) << unused;
    }

    /** Reads a number as {@link Varints#read} does, and moves on to what follows it. */
    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = block[at++];
        value |= (b & 0x7FL) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }

    /** Orders by the pretoken of the current entry, then by the number of the block. */
    @Override
    public int compareTo(PackedReader other) {
      if (firstBytes != other.firstBytes) {
        return Long.compareUnsigned(firstBytes, other.firstBytes);
      }
      int order = Arrays.compareUnsigned(key, 0, keyLength, other.key, 0, other.keyLength);
      return order != 0 ? order : Integer.compare(number, other.number);
    }
  }
}
