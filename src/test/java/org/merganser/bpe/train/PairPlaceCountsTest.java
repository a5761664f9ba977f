package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PairPlaceCountsTest {
  /** The array grows by half each time, so its length becomes odd. */
  @Test
  void hasRoomForEachNumberThatRoomWasMadeFor() {
    PairPlaceCounts counts = new PairPlaceCounts();
    for (int number = 0; number < 1_000_000; number++) {
      counts.ensure(number);
      assertThat(counts.add(number, 7, number + 1L)).isTrue();
    }
    assertThat(counts.count(265_720)).isEqualTo(265_721);
  }
}
