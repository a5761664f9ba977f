package org.merganser.bpe.train;

import java.util.Arrays;

/** The places at which one merge was made, ascending, each with the symbols on either side. */
final class MergedPlaces {
  private static final int LEAST = 1 << 12;

  private int[] places = new int[LEAST];
  private int[] before = new int[LEAST];
  private int[] after = new int[LEAST];
  private int size;

  /** Forgets all, and gives back the room that only a much larger merge needed. */
  void clear() {
    if (places.length > LEAST && size < places.length / 8) {
      int length = Math.max(LEAST, 2 * size);
      places = new int[length];
      before = new int[length];
      after = new int[length];
    }
    size = 0;
  }

  void ensureMore(int n) {
    if (size + n > places.length) {
      int larger = Math.max(size + n, places.length + (places.length >> 1));
      places = Arrays.copyOf(places, larger);
      before = Arrays.copyOf(before, larger);
      after = Arrays.copyOf(after, larger);
    }
  }

  int size() {
    return size;
  }

  void setSize(int size) {
    this.size = size;
  }

  int[] places() {
    return places;
  }

  /** The symbol that ends before each place, or {@link PretokenSymbols#end}. */
  int[] before() {
    return before;
  }

  /** The symbol after the merged token at each place, or {@link PretokenSymbols#end}. */
  int[] after() {
    return after;
  }

  long memoryBytes() {
    return 12L * places.length;
  }
}
