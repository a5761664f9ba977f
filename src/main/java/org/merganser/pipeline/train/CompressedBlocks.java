package org.merganser.pipeline.train;

import com.github.luben.zstd.Zstd;

/** Packed count blocks as they travel and lie in files: zstd, level 1, with their size. */
public final class CompressedBlocks {
  private CompressedBlocks() {}

  public static byte[] compress(byte[] block) {
    return Zstd.compress(block, 1);
  }

  public static byte[] decompress(byte[] compressed) {
    long size = Zstd.getFrameContentSize(compressed);
    if (size < 0 || size > Integer.MAX_VALUE - 16) {
      throw new IllegalStateException("a packed block of counts is damaged: size " + size);
    }
    return Zstd.decompress(compressed, (int) size);
  }
}
