package org.merganser.bpe;

/**
 * Ids packed into a long, the first lowest: four if all ids of a model fit 16 bits, three if they
 * fit 21, else two. Immutable.
 */
public final class PackedIds {
  /** The number of ids that {@link #unpack} writes: a constant is cheaper than a branch. */
  public static final int WRITTEN = 4;

  private final int bits;
  private final int mask;

  /** For ids below {@code idBound}. */
  public PackedIds(int idBound) {
    this.bits = idBound <= 1 << 16 ? 16 : idBound <= 1 << 21 ? 21 : 32;
    this.mask = -1 >>> 32 - bits;
  }

  /** The number of ids in a long: 4, 3 or 2. */
  public int most() {
    return 64 / bits;
  }

  /** Packs {@code ids[from, from + count)}, at most {@link #most} of them; 0 for none. */
  public long pack(int[] ids, int from, int count) {
    long packed = 0;
    for (int i = count - 1; i >= 0; i--) {
      packed = packed << bits | ids[from + i];
    }
    return packed;
  }

  /**
   * Writes {@value #WRITTEN} ids from {@code ids[at]} on; those after the packed ones have no
   * meaning.
   */
  public void unpack(long packed, int[] ids, int at) {
    if (bits == 16) { // as below; shifts by constants are faster
      ids[at] = (int) packed & 0xFFFF;
      ids[at + 1] = (int) (packed >>> 16) & 0xFFFF;
      ids[at + 2] = (int) (packed >>> 32) & 0xFFFF;
      ids[at + 3] = (int) (packed >>> 48);
      return;
    }
    ids[at] = (int) packed & mask;
    ids[at + 1] = (int) (packed >>> bits) & mask;
    ids[at + 2] = (int) (packed >>> 2 * bits) & mask;
    ids[at + 3] = (int) (packed >>> 3 * bits) & mask;
  }
}
