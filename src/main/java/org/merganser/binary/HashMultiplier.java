package org.merganser.binary;

/**
 * Odd factors of multiplicative hashes: the upper bits of {@code key * factor}, modulo 2^64, are
 * the hash of a key. Some hashes decide in which file an entry is, so a factor must never change.
 */
public final class HashMultiplier {
  /**
   * 2^64 divided by the golden ratio, rounded to an odd number (Fibonacci hashing; Knuth, The Art
   * of Computer Programming, volume 3, section 6.4). SplitMix64 also steps by it.
   */
  public static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

  /** The factor of degski's 64-bit mixer, which is applied after {@code h ^= h >>> 32}. */
  public static final long DEGSKI = 0xD6E8_FEB8_6659_FD93L;

  private HashMultiplier() {}
}
