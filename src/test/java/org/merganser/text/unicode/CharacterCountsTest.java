package org.merganser.text.unicode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.text.NastyText;

final class CharacterCountsTest {
  private static List<String> counted(CharacterCounts counts) {
    List<String> found = new ArrayList<>();
    counts.forEach((codePoint, count) -> found.add(codePoint + "=" + count));
    return found;
  }

  @Test
  void countsWhatAMapCounts() {
    Random random = new Random(Seeds.next());
    CharacterCounts counts = new CharacterCounts();
    Map<Integer, Long> expected = new TreeMap<>();
    for (int round = 0; round < 200; round++) {
      String document = NastyText.forSplits(random, 20);
      byte[] text = ("é" + document + "é").getBytes(UTF_8);
      counts.addAll(text, 2, text.length - 2);
      document.codePoints().forEach(c -> expected.merge(c, 1L, Long::sum));
    }
    assertThat(counted(counts))
        .isEqualTo(expected.entrySet().stream().map(Object::toString).toList());
  }

  @Test
  void knowsTheFirstAndTheLastCodePoint() {
    CharacterCounts counts = new CharacterCounts();
    byte[] text = "\0\uDBFF\uDFFF".getBytes(UTF_8);
    counts.addAll(text, 0, text.length);
    assertThat(counted(counts)).containsExactly("0=1", 0x10FFFF + "=1");
  }

  @Test
  void isEmptyAtFirst() {
    assertThat(counted(new CharacterCounts())).isEmpty();
  }
}
