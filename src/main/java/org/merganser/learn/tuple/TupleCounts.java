package org.merganser.learn.tuple;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.merganser.bpe.count.PackedCounts;
import org.merganser.bpe.count.PretokenCounts;

/**
 * Counts of tuples of ints, all of one length. A tuple is the key of a {@link PretokenCounts}, of
 * which each hash partition has one. An int is four bytes, the highest first, so that keys have the
 * order of their tuples: the {@link TupleCounter}s add no negative ints. Not thread-safe.
 */
public final class TupleCounts {
  /** The number of hash partitions. */
  public static final int PARTITIONS = 64;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final PretokenCounts[] tables = new PretokenCounts[PARTITIONS];

  /** The key of the tuple that is added. */
  private final byte[] key;

  /** The number of different tuples. */
  private int distinct;

  /**
   * @param length ints of a tuple, at least 1
   */
  TupleCounts(int length) {
    Arrays.setAll(tables, partition -> new PretokenCounts());
    key = new byte[Integer.BYTES * length];
  }

  /** The number of different tuples. */
  int distinct() {
    return distinct;
  }

  /** Adds {@code times} to the count of a tuple. */
  void add(int[] tuple, long times) {
    for (int i = 0; i < tuple.length; i++) {
      INT.set(key, Integer.BYTES * i, tuple[i]);
    }
    PretokenCounts table = tables[partition(tuple)];
    distinct -= table.distinct();
    table.add(key, 0, key.length, times);
    distinct += table.distinct();
  }

  /** A block of {@link PackedCounts} for each partition; empty for an empty partition. */
  public byte[][] pack() {
    int blocksOfTable = 1;
    return Arrays.stream(tables).map(table -> table.pack(blocksOfTable)[0]).toArray(byte[][]::new);
  }

  /**
   * Visits the tuples of some blocks in order, each once with the sum of its counts.
   *
   * @param length ints of a tuple
   * @param blocks of {@link #pack}
   * @param visitor receives a tuple, which the next one overwrites, and its count
   */
  public static void merge(int length, List<byte[]> blocks, ObjLongConsumer<int[]> visitor) {
    int[] tuple = new int[length];
    PackedCounts.forEachCombined(
        blocks,
        (bytes, from, to, count) -> {
          for (int i = 0; i < length; i++) {
            tuple[i] = (int) INT.get(bytes, from + Integer.BYTES * i);
          }
          visitor.accept(tuple, count);
        });
  }

  /**
   * The partition of a tuple depends on its first two ints alone, so all tuples that share these
   * are in one. The hash has the multipliers of MurmurHash3's finalizer, and is the same on every
   * machine.
   */
  private static int partition(int[] tuple) {
    long hash = 0;
    for (int i = 0; i < Math.min(tuple.length, 2); i++) {
      hash = (hash ^ tuple[i]) * 0xFF51AFD7ED558CCDL;
      hash ^= hash >>> 32;
    }
    return (int) (((hash * 0xC4CEB9FE1A85EC53L) >>> 16) % PARTITIONS);
  }
}
