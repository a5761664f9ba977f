package org.merganser.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.report.measure.TextSample;
import org.merganser.report.measure.WordSums;

final class SampleErrorTest {
  private static final int TRIALS = 400;

  private static WordSums words(long words, long tokens) {
    return new WordSums(words, 0, tokens, 0);
  }

  @Test
  void nineteenOfTwentyIntervalsHoldTheFigureOfAllText() {
    Random random = new Random(Seeds.next());
    List<WordSums> texts = new ArrayList<>();
    WordSums all = WordSums.ZERO;
    for (int i = 0; i < 4_000; i++) {
      long count = 1 + random.nextInt(500);
      WordSums text = words(count, count + random.nextInt((int) (2 * count)));
      texts.add(text);
      all = all.plus(text);
    }
    double truth = (double) all.tokens() / all.words();
    int held = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      WordSums[] parts = new WordSums[TextSample.SUBSAMPLES];
      Arrays.fill(parts, WordSums.ZERO);
      WordSums sample = WordSums.ZERO;
      for (WordSums text : texts) {
        if (random.nextInt(4) == 0) {
          int part = random.nextInt(parts.length);
          parts[part] = parts[part].plus(text);
          sample = sample.plus(text);
        }
      }
      double error =
          new SampleError<>(new TextSample(2), List.of(parts))
              .ofRatio(WordSums::tokens, WordSums::words)
              .doubleValue();
      double found = (double) sample.tokens() / sample.words();
      held += Math.abs(found - truth) <= error ? 1 : 0;
    }
    // 380 of 400, give or take five standard deviations of 4.4.
    assertThat(held).isBetween(358, 399);
  }

  @Test
  void isZeroWhereAllIsMeasuredAndUnknownOnFewerThanFiveSubsamples() {
    List<WordSums> five = List.of(words(1, 1), words(1, 2), words(1, 3), words(1, 2), words(2, 3));
    assertThat(
            new SampleError<>(TextSample.ALL, five.subList(0, 1))
                .ofRatio(WordSums::tokens, WordSums::words))
        .isZero();
    SampleError<WordSums> error = new SampleError<>(new TextSample(1), five);
    assertThat(error.ofRatio(WordSums::tokens, WordSums::words)).isPositive();
    assertThat(
            new SampleError<>(new TextSample(1), five.subList(0, 4))
                .ofRatio(WordSums::tokens, WordSums::words))
        .isNull();
  }

  @Test
  void studentsDistributionIsThatOfTheTables() {
    assertThat(SampleError.studentT(4)).isCloseTo(2.776, within(0.01));
    assertThat(SampleError.studentT(10)).isCloseTo(2.228, within(0.001));
    assertThat(SampleError.studentT(31)).isCloseTo(2.040, within(0.001));
  }
}
