package org.merganser.beam;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Ids as the list that a Beam row wants, without an object for each before it is asked for. */
final class IdList extends AbstractList<Integer> implements RandomAccess {
  private final int[] ids;

  /** The array is not copied and must not be changed. */
  IdList(int[] ids) {
    this.ids = ids;
  }

  @Override
  public Integer get(int index) {
    return ids[index];
  }

  @Override
  public int size() {
    return ids.length;
  }
}
