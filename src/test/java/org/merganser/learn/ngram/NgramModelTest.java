package org.merganser.learn.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model against its slow twin, and what must hold of any model. */
final class NgramModelTest {
  private static final int IDS = 9;
  private static final long ALL = Long.MAX_VALUE;

  private static Random random(long seed) {
    System.out.println("seed " + seed);
    return new Random(seed);
  }

  @ParameterizedTest
  @CsvSource({"1, -1", "1, 3", "2, -1", "2, 3", "3, -1", "3, 3", "4, 0", "5, -1"})
  void equalsTheDefinition(int order, int endOfDocument) {
    Random random = random(order * 100L + endOfDocument);
    for (int round = 0; round < 4; round++) {
      List<int[]> documents = Ngrams.documents(random, IDS, 5 + 20 * round, endOfDocument);
      compare(order, endOfDocument, documents, random, 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, -1", "3, 3", "3, -1", "4, -1"})
  void givesWhatIsNotKeptToTheBackoff(int order, int endOfDocument) {
    Random random = random(order * 1000L + endOfDocument);
    for (int round = 0; round < 4; round++) {
      List<int[]> documents = Ngrams.documents(random, IDS, 60, endOfDocument);
      compare(order, endOfDocument, documents, random, 1 + round);
    }
  }

  private static void compare(
      int order, int endOfDocument, List<int[]> documents, Random random, long least) {
    NgramShape shape = new NgramShape(order, IDS, endOfDocument);
    long most = Ngrams.occurring(shape, documents, least);
    LearnedNgrams learned = Ngrams.learn(shape, documents, most, 7, 50);
    PlainKneserNey twin = new PlainKneserNey(documents, order, IDS, endOfDocument < 0, least);
    double[] distribution = new double[shape.symbols()];
    for (int i = 0; i < 60; i++) {
      int[] history = history(shape, documents, random);
      List<Integer> plain =
          IntStream.of(history)
              .map(symbol -> symbol == shape.begin() ? PlainKneserNey.BEGIN : symbol)
              .boxed()
              .toList();
      learned.model().distribution(history, 0, history.length, distribution);
      double sum = 0;
      for (int symbol = 0; symbol < shape.symbols(); symbol++) {
        sum += distribution[symbol];
        if (symbol != shape.begin()) {
          int plainSymbol = symbol >= IDS ? PlainKneserNey.END : symbol;
          double expected = twin.probability(plain, plainSymbol);
          assertThat(distribution[symbol])
              .as("%s of %s after %s", shape, symbol, plain)
              .isEqualTo(expected, within(1e-12))
              .isPositive();
        }
      }
      assertThat(sum).isEqualTo(1, within(1e-12));
    }
  }

  /** The beginning of a document, a piece out of one, or ids at random. */
  private static int[] history(NgramShape shape, List<int[]> documents, Random random) {
    int[] document = documents.get(random.nextInt(documents.size()));
    int to = random.nextInt(document.length + 1);
    return switch (random.nextInt(3)) {
      case 0 ->
          IntStream.concat(IntStream.of(shape.begin()), IntStream.of(document).limit(to)).toArray();
      case 1 -> java.util.Arrays.copyOfRange(document, random.nextInt(to + 1), to);
      default -> random.ints(random.nextInt(6), 0, IDS).toArray();
    };
  }

  @Test
  void countsOccurrencesAndDistinctPredecessors() {
    NgramShape shape = new NgramShape(2, 3, -1);
    List<int[]> documents = List.of(new int[] {0, 1, 0, 1}, new int[] {2, 1});
    LearnedNgrams learned = Ngrams.learn(shape, documents, ALL, 3, 1000);

    // 0 stands after the beginning and after 1; 1 after 0 and 2; 2 and the end after one symbol.
    assertThat(learned.unigramAdjusted()).containsExactly(2, 2, 1, 0, 1);
    KeptNgrams bigrams = learned.kept().get(0);
    assertThat(bigrams.symbols()).containsExactly(0, 1, 1, 0, 1, 4, 2, 1, 3, 0, 3, 2);
    assertThat(IntStream.range(0, 6).mapToLong(bigrams::count).toArray())
        .containsExactly(2, 1, 2, 1, 1, 1);
    assertThat(learned.discounts().get(1)).isEqualTo(new Discounts(0.5, 1.0, 1.5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64})
  void isTheSameHoweverTheCountsWereDivided(int partitions) {
    Random random = random(partitions);
    NgramShape shape = new NgramShape(3, 300, 0);
    List<int[]> documents = Ngrams.documents(random, 300, 400, 0);
    byte[] one = NgramFile.write(Ngrams.learn(shape, documents, ALL, 5, 1 << 20));
    byte[] other = NgramFile.write(Ngrams.learn(shape, documents, ALL, partitions, 100));
    assertThat(other).isEqualTo(one);
  }

  @Test
  void keepsTheNgramsOfOneLeastCountThatFitTheBound() {
    Random random = random(6);
    NgramShape shape = new NgramShape(3, 30, -1);
    List<int[]> documents = Ngrams.documents(random, 30, 500, -1);
    long twice = Ngrams.occurring(shape, documents, 2);
    for (long bound : new long[] {twice, twice + 1, Ngrams.occurring(shape, documents, 1) - 1}) {
      LearnedNgrams less = Ngrams.learn(shape, documents, bound, 4, 1000);
      assertThat(Ngrams.size(less.model())).isEqualTo(twice + shape.symbols());
    }
    LearnedNgrams few = Ngrams.learn(shape, documents, 60, 4, 1000);
    assertThat(Ngrams.size(few.model())).isLessThanOrEqualTo(60L + shape.symbols());
    LearnedNgrams none = Ngrams.learn(shape, documents, 0, 4, 1000);
    assertThat(Ngrams.size(none.model())).isEqualTo(shape.symbols());
  }

  @Test
  void isUniformWithoutAnyText() {
    NgramShape shape = new NgramShape(3, 4, -1);
    NgramModel model = Ngrams.learn(shape, List.of(), ALL, 4, 1000).model();
    double[] distribution = new double[shape.symbols()];
    model.distribution(new int[] {4, 1}, 0, 2, distribution);
    assertThat(distribution).containsExactly(0.2, 0.2, 0.2, 0.2, 0, 0.2);
  }
}
