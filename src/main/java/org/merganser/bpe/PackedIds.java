package org.merganser.bpe;

/** Ids packed into a long: two, or four where all ids of a model fit 16 bits ("narrow"). */
public final class PackedIds {
  private PackedIds() {}

  /** Packs {@code ids[from, from + count)}, the first lowest; none give 0. */
  public static long pack(int[] ids, int from, int count, boolean narrow) {
    long packed = 0;
    for (int i = count - 1; i >= 0; i--) {
      packed = packed << (narrow ? 16 : 32) | ids[from + i];
    }
    return packed;
  }

  /** Writes two ids to {@code ids[at]} and on. */
  public static void unpackWide(long packed, int[] ids, int at) {
    ids[at] = (int) packed;
    ids[at + 1] = (int) (packed >>> 32);
  }

  /** Writes four ids to {@code ids[at]} and on. */
  public static void unpackNarrow(long packed, int[] ids, int at) {
    ids[at] = (int) packed & 0xFFFF;
    ids[at + 1] = (int) (packed >>> 16) & 0xFFFF;
    ids[at + 2] = (int) (packed >>> 32) & 0xFFFF;
    ids[at + 3] = (int) (packed >>> 48);
  }
}
