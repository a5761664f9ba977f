package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A global shuffle of rows that is the same on every runner: a row's place is decided by a 64-bit
 * key of the seed, the shard's number and the row's number, and by nothing else. Rows are dealt by
 * the key's high bits into buckets, each of which is sorted by key when it is written, so memory
 * holds one bucket, not the corpus; the shards are read once a bucket, and once for all when the
 * corpus fits one.
 */
public final class ShardShuffle {
  private final List<Path> shards;
  private final long seed;

  /**
   * @param shards in the order of the dataset
   */
  public ShardShuffle(List<Path> shards, long seed) {
    this.shards = List.copyOf(shards);
    this.seed = seed;
  }

  /** Takes the rows of the shuffled order. */
  @FunctionalInterface
  public interface Rows {
    void accept(ShardRow row) throws IOException;
  }

  /**
   * Hands on the rows of bucket {@code bucket} of {@code buckets}, in shuffled order; all buckets
   * in turn are the whole shuffle, and the order does not depend on their number.
   */
  public void bucket(int bucket, int buckets, Rows out) throws IOException {
    List<Kept> kept = new ArrayList<>();
    ShardRow row = new ShardRow();
    for (int shard = 0; shard < shards.size(); shard++) {
      try (ParquetShardReader in = new ParquetShardReader(shards.get(shard))) {
        for (long number = 0; in.next(row); number++) {
          long key = key(shard, number);
          if (Math.multiplyHigh(key >>> 1, 2L * buckets) == bucket) {
            kept.add(new Kept(key, shard, number, row.copy()));
          }
        }
      }
    }
    kept.sort(ShardShuffle::compare);
    for (Kept k : kept) {
      out.accept(k.row);
    }
  }

  private static int compare(Kept a, Kept b) {
    int order = Long.compareUnsigned(a.key, b.key);
    order = order != 0 ? order : Integer.compare(a.shard, b.shard);
    return order != 0 ? order : Long.compare(a.number, b.number);
  }

  /** Two rounds of SplitMix64's finalizer over seed, shard and row. */
  private long key(int shard, long number) {
    return mix(mix(seed + 0x9E3779B97F4A7C15L * (shard + 1L)) + 0x9E3779B97F4A7C15L * (number + 1));
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private record Kept(long key, int shard, long number, ShardRow row) {}
}
