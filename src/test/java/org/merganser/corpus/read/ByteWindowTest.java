package org.merganser.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ByteWindowTest {
  @Test
  void fillsTheLargestArrayBeforeItGivesUp() throws IOException {
    int most = 1 << 19;
    byte[] bytes = new byte[2 * most];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 >>> 4);
    }
    ByteWindow window = new ByteWindow(most);
    window.open(new ByteArrayInputStream(bytes), 0);
    while (window.limit() < most) {
      assertThat(window.more()).isTrue();
    }
    window.release(1000);
    assertThat(window.more()).isTrue();
    assertThat(window.first()).isEqualTo(1000);
    assertThat(window.limit()).isEqualTo(most + 1000);
    for (int place : new int[] {1000, most - 1, most, most + 999}) {
      assertThat(window.bytes()[window.index(place)]).isEqualTo(bytes[place]);
    }
    assertThatThrownBy(window::more).isInstanceOf(OutOfMemoryError.class);
  }
}
