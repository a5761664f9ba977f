package org.merganser.shard;

/**
 * Ids with their loss mask in the sign bit, which no id uses. Id 5 is {@code 5} if a model is
 * trained on it, else {@code 0x8000_0005}. So the mask always moves with its ids.
 */
final class MaskedIds {
  private static final int WITHOUT_LOSS = 0x8000_0000;

  private MaskedIds() {}

  static int withoutLoss(int id) {
    return id | WITHOUT_LOSS;
  }

  /** Id number {@code i} of a row with its mask bit; the plain id if the row has no mask. */
  static int of(ShardRow row, int i) {
    int id = row.ids[i];
    return row.mask == null || row.mask[i] != 0 ? id : withoutLoss(id);
  }

  /** Writes the ids {@code masked[0, count)} and their mask into a row, which keeps the array. */
  static void split(int[] masked, int count, ShardRow to) {
    int[] mask = new int[masked.length];
    for (int i = 0; i < count; i++) {
      mask[i] = masked[i] >>> 31 ^ 1;
      masked[i] &= ~WITHOUT_LOSS;
    }
    to.ids = masked;
    to.count = count;
    to.mask = mask;
  }
}
