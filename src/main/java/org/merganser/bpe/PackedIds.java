package org.merganser.bpe;

/**
 * Ids packed into a long, the first lowest: four if all ids of a model fit 16 bits, three if they
 * fit 21, else two. Immutable.
 */
public final class PackedIds {
  /** The number of ids that {@link #unpack} always writes, so that it needs no branch for them. */
  public static final int WRITTEN = 4;

  /** Bits of an id: 16, 21 or 32. */
  private final int bits;

  /** The lowest {@link #bits} bits are set. */
  private final int mask;

  /**
   * @param idBound one more than the largest id
   */
  public PackedIds(int idBound) {
    this.bits = bits(idBound);
    this.mask = -1 >>> (32 - bits);
  }

  /** The number of ids that fit a long: 4, 3 or 2. */
  public int capacity() {
    return Long.SIZE / bits;
  }

  /** Packs {@code ids[from, from + count)}, at most {@link #capacity} of them; 0 for none. */
  public long pack(int[] ids, int from, int count) {
    long packed = 0;
    for (int i = count - 1; i >= 0; i--) {
      packed = (packed << bits) | ids[from + i];
    }
    return packed;
  }

  /**
   * Writes {@value #WRITTEN} ids from {@code ids[at]} on; those after the packed ones have no
   * meaning.
   */
  public void unpack(long packed, int[] ids, int at) {
    if (bits == 16) { // the same as the general case below; shifts by constants are faster
      ids[at] = (int) packed & 0xFFFF;
      ids[at + 1] = (int) (packed >>> 16) & 0xFFFF;
      ids[at + 2] = (int) (packed >>> 32) & 0xFFFF;
      ids[at + 3] = (int) (packed >>> 48);
      return;
    }
    ids[at] = (int) packed & mask;
    ids[at + 1] = (int) (packed >>> bits) & mask;
    ids[at + 2] = (int) (packed >>> (2 * bits)) & mask;
    ids[at + 3] = (int) (packed >>> (3 * bits)) & mask;
  }

  /** The bits that each id below {@code idBound} fits: 16, 21 or 32. */
  private static int bits(int idBound) {
    if (idBound <= 1 << 16) {
      return 16;
    }
    return idBound <= 1 << 21 ? 21 : 32;
  }
}
