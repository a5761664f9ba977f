package org.merganser.beam;

import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * A vector as the list that a Beam row wants, without an object for each number before it is asked
 * for.
 */
final class FloatList extends AbstractList<Float> implements RandomAccess {
  private final float[] numbers;

  /** The array is not copied and must not be changed. */
  FloatList(float[] numbers) {
    this.numbers = numbers;
  }

  @Override
  public Float get(int index) {
    return numbers[index];
  }

  @Override
  public int size() {
    return numbers.length;
  }
}
