package org.merganser.checksum;

import java.nio.charset.StandardCharsets;

/**
 * A hash of 64 evenly distributed bits for choices that depend on a name alone: FNV-1a over the
 * UTF-8 bytes, with its weak high bits spread by the finalizer of SplitMix64. It is not secret: the
 * author of a name can choose its hash.
 */
public final class NameHash {
  private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private NameHash() {}

  /** The hash of a name. */
  public static long of(String name) {
    long hash = FNV_OFFSET_BASIS;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    // The finalizer of SplitMix64.
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }

  /** The hash of a name as a number in [0, 1): its first 53 bits, the resolution of a double. */
  public static double fraction(String name) {
    return (of(name) >>> 11) * 0x1.0p-53;
  }
}
