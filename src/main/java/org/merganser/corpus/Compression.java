package org.merganser.corpus;

/** How a file is compressed, found by its first bytes. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD,
  BZIP2,
  XZ;

  /** Text compresses about that well. */
  private static final long RATIO = 3;

  /** How much text so many stored bytes hold, about: a guess for planning, never exact. */
  public long textBytes(long stored) {
    return this == NONE ? stored : Math.multiplyExact(RATIO, stored);
  }
}
