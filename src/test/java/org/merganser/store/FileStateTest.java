package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileStateTest {
  private static FileStore.Entry entry(int machine, int hash) {
    return new FileStore.Entry("/a", 1, 2, FileStore.Entry.state(machine, hash));
  }

  @Test
  void comparesWhatOneMachineSawTwice() {
    long earlier = entry(-7, 5).state();
    assertThat(entry(-7, 5).differsFrom(earlier)).isFalse();
    assertThat(entry(-7, -5).differsFrom(earlier)).isTrue();
    assertThat(entry(-7, 0).differsFrom(earlier)).isTrue();
    assertThat(entry(8, 6).differsFrom(earlier)).as("seen by another machine").isFalse();
    assertThat(entry(-7, 5).differsFrom(0)).as("nothing known").isFalse();
    assertThat(new FileStore.Entry("/a", 1, 2, 0).differsFrom(entry(0, 3).state())).isFalse();
    assertThat(entry(0, 4).differsFrom(entry(0, 3).state())).as("checksums of a bucket").isTrue();
  }
}
