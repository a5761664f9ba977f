package org.merganser.learn.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.learn.CountedSteps;
import org.merganser.learn.LearnException;

/** The model against its slow twin, and what must hold of any model. */
final class NgramModelTest {
  private static final int IDS = 9;
  private static final long ALL = Long.MAX_VALUE;

  @TempDir static Path folder;

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
      compare(order, endOfDocument, documents, random, List.of());
    }
  }

  @ParameterizedTest
  @CsvSource({"2, -1", "3, 3", "3, -1", "4, -1"})
  void givesWhatIsPrunedToTheBackoff(int order, int endOfDocument) {
    Random random = random(order * 1000L + endOfDocument);
    for (int round = 0; round < 4; round++) {
      List<int[]> documents = Ngrams.documents(random, IDS, 60, endOfDocument);
      compare(order, endOfDocument, documents, random, List.of(1L, 1L + round, 2L + round));
    }
  }

  private static void compare(
      int order, int endOfDocument, List<int[]> documents, Random random, List<Long> minCounts) {
    NgramShape shape = new NgramShape(order, IDS, endOfDocument);
    LearnedNgrams learned = Ngrams.learn(shape, documents, minCounts, ALL, 7, 50);
    long[] minimums = learned.orders().stream().mapToLong(NgramFigures.Order::minCount).toArray();
    PlainKneserNey twin = new PlainKneserNey(documents, order, IDS, endOfDocument < 0, minimums);
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
              .isEqualTo(
                  learned.model().probability(history, 0, history.length, symbol), within(1e-15))
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
    LearnedNgrams learned = Ngrams.learn(shape, documents, List.of(), ALL, 3, 1000);

    assertThat(learned.unigramCounts()).containsExactly(2, 3, 1, 0, 2);
    // 0 stands after the beginning and after 1; 1 after 0 and 2; 2 and the end after one symbol.
    assertThat(learned.unigramAdjusted()).containsExactly(2, 2, 1, 0, 1);
    KeptNgrams bigrams = learned.kept().get(0);
    assertThat(bigrams.symbols()).containsExactly(0, 1, 1, 0, 1, 4, 2, 1, 3, 0, 3, 2);
    assertThat(IntStream.range(0, 6).mapToLong(bigrams::count).toArray())
        .containsExactly(2, 1, 2, 1, 1, 1);
    assertThat(learned.orders().get(1).discountsEstimated()).isFalse();
    assertThat(learned.orders().get(1).discounts()).containsExactly(0.5, 1.0, 1.5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64})
  void isTheSameHoweverTheCountsWereDivided(int partitions) throws IOException {
    Random random = random(partitions);
    NgramShape shape = new NgramShape(3, 300, 0);
    List<int[]> documents = Ngrams.documents(random, 300, 400, 0);
    List<byte[]> one = files(Ngrams.learn(shape, documents, List.of(), ALL, 5, 1 << 20), "one");
    List<byte[]> other =
        files(Ngrams.learn(shape, documents, List.of(), ALL, partitions, 100), "other");
    assertThat(other).containsExactlyElementsOf(one);
  }

  private static List<byte[]> files(LearnedNgrams learned, String name) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (Path file : write(learned, name)) {
      files.add(Files.readAllBytes(file));
    }
    return files;
  }

  private static List<Path> write(LearnedNgrams learned, String name) throws IOException {
    Path out = Files.createDirectories(folder.resolve(name));
    List<Path> files = new ArrayList<>();
    for (int order = 1; order <= learned.model().shape().order(); order++) {
      files.add(out.resolve(NgramFiles.name(order)));
      NgramFiles.write(files.get(order - 1), order, learned, "ab".repeat(32));
    }
    return files;
  }

  @Test
  void isReadBackAsItWasLearned() throws IOException {
    Random random = random(5);
    NgramShape shape = new NgramShape(4, 50, -1);
    List<int[]> documents = Ngrams.documents(random, 50, 300, -1);
    LearnedNgrams learned = Ngrams.learn(shape, documents, List.of(1L, 1L, 2L), ALL, 4, 1000);
    List<Path> files = write(learned, "back");
    NgramModel read = NgramFiles.read(files, "ab".repeat(32));
    assertThat(read.shape()).isEqualTo(shape);
    assertThat(read.size()).isEqualTo(learned.model().size());
    double[] expected = new double[shape.symbols()];
    double[] found = new double[shape.symbols()];
    for (int i = 0; i < 50; i++) {
      int[] history = history(shape, documents, random);
      learned.model().distribution(history, 0, history.length, expected);
      read.distribution(history, 0, history.length, found);
      assertThat(found).isEqualTo(expected);
    }
    assertThatThrownBy(() -> NgramFiles.read(files, "cd".repeat(32)))
        .isInstanceOf(LearnException.class)
        .hasMessageContaining("is of the tokenizer with sha256 abab");
    assertThatThrownBy(() -> NgramFiles.read(files.subList(0, 2), "ab".repeat(32)))
        .isInstanceOf(LearnException.class)
        .hasMessageContaining("of another model");
  }

  @Test
  void raisesMinimumsFromTheHighestOrderUntilTheBoundHolds() {
    Random random = random(6);
    NgramShape shape = new NgramShape(3, 30, -1);
    List<int[]> documents = Ngrams.documents(random, 30, 500, -1);
    LearnedNgrams all = Ngrams.learn(shape, documents, List.of(), ALL, 4, 1000);
    long bound = all.kept().get(0).size() + all.kept().get(1).size() - 1L;
    LearnedNgrams less = Ngrams.learn(shape, documents, List.of(), bound, 4, 1000);
    assertThat(less.orders().stream().map(NgramFigures.Order::minCount))
        .containsExactly(1L, 1L, 2L);
    NgramFigures.Order trigrams = less.orders().get(2);
    assertThat(trigrams.distinct()).isEqualTo(all.orders().get(2).kept());
    assertThat(trigrams.cutOccurrences()).isEqualTo(trigrams.distinct() - trigrams.kept());

    LearnedNgrams few = Ngrams.learn(shape, documents, List.of(), 60, 4, 1000);
    assertThat(few.model().size()).isLessThanOrEqualTo(60L + shape.symbols());
    List<Long> minimums = few.orders().stream().map(NgramFigures.Order::minCount).toList();
    assertThat(minimums).isSorted();
  }

  @Test
  void measuresTheBitsOfTextThatItWasNotLearnedFrom() {
    Random random = random(8);
    NgramShape shape = new NgramShape(3, IDS, -1);
    List<int[]> documents = Ngrams.documents(random, IDS, 60, -1);
    List<int[]> others = Ngrams.documents(random, IDS, 20, -1);
    NgramModel model = Ngrams.learn(shape, documents, List.of(), ALL, 4, 1000).model();
    PlainKneserNey twin = new PlainKneserNey(documents, 3, IDS, true, 1, 1, 1);
    CrossEntropy entropy = new CrossEntropy(model, (ids, count) -> 3L * count);
    double expected = 0;
    int symbols = 0;
    for (int[] other : others) {
      entropy.begin("d");
      entropy.ids(other, other.length);
      entropy.end();
      List<Integer> history = new ArrayList<>(List.of(PlainKneserNey.BEGIN));
      for (int i = 0; i <= other.length; i++) {
        int symbol = i < other.length ? other[i] : PlainKneserNey.END;
        expected -= Math.log(twin.probability(history, symbol)) / Math.log(2);
        history.add(symbol);
        symbols++;
      }
    }
    NgramFigures.Validation figures = java.util.Objects.requireNonNull(entropy.figures());
    assertThat(figures.documents()).isEqualTo(20);
    assertThat(figures.symbols()).isEqualTo(symbols);
    assertThat(figures.bytes()).isEqualTo(3 * (symbols - 20));
    assertThat(figures.bits()).isEqualTo(expected, within(1e-9));
    assertThat(figures.bitsPerByte()).isEqualTo(figures.bits() / figures.bytes());
    assertThat(figures.perplexity()).isEqualTo(Math.pow(2, figures.bits() / symbols), within(1e-9));
  }

  @Test
  void doesAsManyStepsAsItSaidLieAhead() {
    List<int[]> documents = Ngrams.documents(new Random(1), 30, 100, -1);
    NgramShape shape = new NgramShape(3, 30, -1);
    for (long least : new long[] {1, 3}) { // 3 prunes, and then the tables are read once more
      int[] steps = new int[2];
      Ngrams.learn(shape, documents, List.of(1L, least), ALL, 3, 1000, CountedSteps.into(steps));
      assertThat(steps[1]).isEqualTo(steps[0]).isEqualTo(least == 1 ? 5 : 6);
    }
  }

  @Test
  void isUniformWithoutAnyText() {
    NgramShape shape = new NgramShape(3, 4, -1);
    NgramModel model = Ngrams.learn(shape, List.of(), List.of(), ALL, 4, 1000).model();
    double[] distribution = new double[shape.symbols()];
    model.distribution(new int[] {4, 1}, 0, 2, distribution);
    assertThat(distribution).containsExactly(0.2, 0.2, 0.2, 0.2, 0, 0.2);
  }
}
