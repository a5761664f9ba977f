package org.merganser.corpus;

/** How a file is compressed, found by its first bytes. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD,
  BZIP2,
  XZ
}
