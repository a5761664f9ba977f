package org.merganser.pipeline.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FindDuplicatesTest {
  /** With one text more than 2^21 the table of a search would grow to 252 MB for a moment. */
  @Test
  void aSearchOfTheTargetSizeHasRoomForTheChanceOfItsRange() {
    long tableLimit = 1 << 21;
    double deviation = Math.sqrt(tableLimit); // of a number of hashes that fall into a range
    for (long entries = tableLimit / 2; entries <= 250 * tableLimit; entries += 77_777) {
      double average = (double) entries / FindDuplicates.groupsFor(entries);
      assertThat(average + 10 * deviation).as("%d entries", entries).isLessThan(tableLimit);
    }
  }

  @Test
  void aRangeHasAtLeastOneBucket() {
    assertThat(FindDuplicates.groupsFor(0)).isEqualTo(1);
    assertThat(FindDuplicates.groupsFor(FindDuplicates.ENTRIES_A_SEARCH)).isEqualTo(1);
    assertThat(FindDuplicates.groupsFor(1 << 21)).isEqualTo(2);
    assertThat(FindDuplicates.groupsFor(Long.MAX_VALUE)).isEqualTo(256);
  }
}
