package org.merganser.report.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.report.RoundedFractions;

final class PieceCountsTest {
  private final Map<String, Long> training = new TreeMap<>();
  private final Map<String, Long> validation = new TreeMap<>();
  private final PieceCounts counts = new PieceCounts();

  private void add(String piece, boolean isValidation) {
    (isValidation ? validation : training).merge(piece, 1L, Long::sum);
    byte[] text = ("x" + piece).getBytes(UTF_8);
    counts.add(text, 1, text.length, isValidation);
  }

  /** The same figures by maps of Strings. */
  private PieceSums plainly() {
    TreeSet<String> distinct = new TreeSet<>(training.keySet());
    distinct.addAll(validation.keySet());
    long unknown = 0;
    long validated = 0;
    for (Map.Entry<String, Long> piece : validation.entrySet()) {
      validated += piece.getValue();
      unknown += training.containsKey(piece.getKey()) ? 0 : piece.getValue();
    }
    long all = training.values().stream().mapToLong(count -> count).sum();
    long covered = 0;
    long covering = 0;
    long[] descending = training.values().stream().mapToLong(count -> -count).sorted().toArray();
    while (covered < all * 0.95) {
      covered -= descending[(int) covering++];
    }
    long rare = training.values().stream().filter(count -> count < 10).count();
    return new PieceSums(
        distinct.size(),
        covering,
        RoundedFractions.ratio(unknown, validated),
        RoundedFractions.ratio(rare, training.size()));
  }

  @Test
  void countsAsMapsDo() {
    Random random = new Random(Seeds.next());
    for (int i = 0; i < 20_000; i++) {
      int word = (int) Math.pow(3000, random.nextDouble());
      add("w" + word + "-".repeat(word % 30), random.nextInt(5) == 0);
      if (i % 1000 == 0) {
        assertThat(counts.sums()).isEqualTo(plainly());
      }
    }
    assertThat(counts.sums()).isEqualTo(plainly());
  }

  @Test
  void hasNoSharesOfPartsWithoutPieces() {
    assertThat(counts.sums()).isEqualTo(new PieceSums(0, 0, null, null));
    add("a", true);
    assertThat(counts.sums()).isEqualTo(plainly());
    assertThat(counts.sums().rare()).isNull();
  }
}
