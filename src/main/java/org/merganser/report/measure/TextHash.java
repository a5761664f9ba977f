package org.merganser.report.measure;

import java.util.SplittableRandom;
import org.merganser.binary.HashMultiplier;
import org.merganser.shard.ShardRow;

/**
 * Hashes of texts and of places to 64 bits. The ids of a text are hashed, so texts that differ only
 * before normalization have equal hashes.
 *
 * <p>A document is hashed as the sum of the hashes of its parts, each with its number, so that its
 * parts can be counted apart. Equal texts have equal parts, since their bytes decide the cuts.
 */
final class TextHash {
  private TextHash() {}

  /** The hash of a document, or of a part of one; those of all parts are added up. */
  static long ofPart(ShardRow row) {
    return mix(ofIds(row.ids, row.count) + row.part * HashMultiplier.GOLDEN_RATIO);
  }

  /**
   * The hash of a document's text.
   *
   * @param parts the sum of {@link #ofPart} over all its parts
   */
  static long ofText(long parts) {
    return mix(parts);
  }

  /** The hash of a document's place. */
  static long ofPlace(String file, long offset) {
    return mix(mix(file.hashCode()) + offset);
  }

  /**
   * The hash of {@code ids[0, count)}. It is made of four hashes, so that the processor computes
   * four products at a time: each is of every fourth pair of ids, and the first one also of the
   * last ids, fewer than eight.
   */
  static long ofIds(int[] ids, int count) {
    long a = step(count, 0);
    long b = HashMultiplier.GOLDEN_RATIO;
    long c = b + b;
    long d = c + b;
    int i = 0;
    for (; i < count - 7; i += 8) {
      a = step(a, pair(ids, i));
      b = step(b, pair(ids, i + 2));
      c = step(c, pair(ids, i + 4));
      d = step(d, pair(ids, i + 6));
    }
    for (; i < count - 1; i += 2) {
      a = step(a, pair(ids, i));
    }
    if (i < count) {
      a = step(a, ids[i]);
    }
    return mix(mix(mix(a) + b) + c) + d;
  }

  /** Each bit of the result depends on all bits of the argument. */
  static long mix(long value) {
    return new SplittableRandom(value).nextLong();
  }

  /** The ids at {@code i} and {@code i + 1} as one word. */
  private static long pair(int[] ids, int i) {
    return (ids[i] & 0xFFFF_FFFFL) | ((long) ids[i + 1] << 32);
  }

  /**
   * The next hash. Two different hashes with the same word have different results, and so have two
   * different words with the same hash.
   */
  private static long step(long hash, long word) {
    long product = (hash ^ word) * HashMultiplier.GOLDEN_RATIO;
    return product ^ (product >>> 32);
  }
}
