package org.merganser.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MergeTableTest {
  /** The id bounds are of a packed table and of one with its ranks in a second array. */
  private static final int[] ID_BOUNDS = {5, 1 << 30};

  @Test
  void theLastMergeOfAPairCounts() {
    for (int idBound : ID_BOUNDS) {
      MergeTable table = new MergeTable(new int[] {0, 1, 1, 0, 0, 1}, new int[] {2, 3, 4}, idBound);
      assertTrue(table.repeats());
      assertEquals(2, table.rank(0, 1));
      assertEquals(1, table.rank(1, 0));
      assertEquals(MergeTable.NONE, table.rank(1, 1));
    }
  }

  @Test
  void pairsWithTheSamePartsInOtherPlacesDoNotRepeat() {
    for (int idBound : ID_BOUNDS) {
      MergeTable table = new MergeTable(new int[] {0, 1, 1, 0, 0, 0}, new int[] {2, 3, 4}, idBound);
      assertFalse(table.repeats());
    }
  }
}
