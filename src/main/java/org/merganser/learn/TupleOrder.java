package org.merganser.learn;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Puts tuples in ascending order, first int first. */
public final class TupleOrder {
  private TupleOrder() {}

  /**
   * @param tuples flat, tuple i at {@code [i * length, (i + 1) * length)}, ints not negative
   * @param numbers of the tuples to sort; is not changed
   */
  public static int[] sorted(int[] tuples, int length, int[] numbers) {
    long[] order = IntStream.of(numbers).asLongStream().toArray();
    sort(tuples, length, order, 0, order.length, 0);
    return LongStream.of(order).mapToInt(number -> (int) number).toArray();
  }

  /**
   * Sorts by the int at {@code depth}, then each run of equal ones by the next. A long has the int
   * to compare above the tuple's number, so that a sort of longs moves both: int 3 of tuple 7
   * becomes 0x0000_0003_0000_0007.
   */
  private static void sort(int[] tuples, int length, long[] order, int from, int to, int depth) {
    for (int i = from; i < to; i++) {
      int number = (int) order[i];
      order[i] = (long) tuples[number * length + depth] << 32 | number;
    }
    Arrays.sort(order, from, to);
    if (depth + 1 == length) {
      return;
    }
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || order[i] >>> 32 != order[start] >>> 32) {
        if (i - start > 1) {
          sort(tuples, length, order, start, i, depth + 1);
        }
        start = i;
      }
    }
  }
}
