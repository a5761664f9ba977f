package org.merganser.learn.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.learn.LearnException;
import org.merganser.learn.PackedTuples;

/** The packed model against the model that it was made of, and against one learned with less. */
final class PackedNgramsTest {
  private static final int IDS = 40;
  private static final long ALL = Long.MAX_VALUE;

  private final Random random = new Random(Seeds.next());

  @ParameterizedTest
  @CsvSource({"1, -1", "2, 0", "3, -1", "3, 0", "5, 0"})
  void hasTheSameProbabilitiesWhereEverythingFits(int order, int endOfDocument) {
    NgramShape shape = new NgramShape(order, IDS, endOfDocument);
    List<int[]> documents = Ngrams.documents(random, IDS, 200, endOfDocument);
    LearnedNgrams learned = Ngrams.learn(shape, documents, List.of(1L, 1L, 2L), ALL, 4, 1000);
    PackedNgrams.Packed packed = PackedNgrams.of(learned);
    assertThat(packed.isPruned()).isFalse();
    NgramModel read = PackedNgrams.read(packed.bytes(), "p");
    assertThat(read.shape()).isEqualTo(shape);
    for (int i = 0; i < 100; i++) {
      int[] history = history(shape);
      assertThat(distribution(read, history)).isEqualTo(distribution(learned.model(), history));
    }
  }

  /** An n-gram that is left out counts as one that learning had left out. */
  @ParameterizedTest
  @CsvSource({"2, 0", "3, -1", "3, 0", "4, 0"})
  void isTheModelThatIsLearnedOfWhatOccursOften(int order, int endOfDocument) {
    NgramShape shape = new NgramShape(order, IDS, endOfDocument);
    List<int[]> documents = Ngrams.documents(random, IDS, 400, endOfDocument);
    LearnedNgrams all = Ngrams.learn(shape, documents, List.of(), ALL, 4, 1000);
    LearnedNgrams often = Ngrams.learn(shape, documents, List.of(1L, 3L), ALL, 4, 1000);
    PackedNgrams.Packed twin = PackedNgrams.of(often);
    PackedNgrams.Packed packed = PackedNgrams.of(all, twin.bytes().length);
    assertThat(packed.isPruned()).isTrue();
    assertThat(packed.ngrams()).isEqualTo(twin.ngrams());
    NgramModel read = PackedNgrams.read(packed.bytes(), "p");
    for (int i = 0; i < 100; i++) {
      int[] history = history(shape);
      assertThat(distribution(read, history)).isEqualTo(distribution(often.model(), history));
    }
  }

  @Test
  void fillsTheBoundWithTheMostFrequentNgrams() {
    NgramShape shape = new NgramShape(3, IDS, -1);
    List<int[]> documents = Ngrams.documents(random, IDS, 400, -1);
    LearnedNgrams learned = Ngrams.learn(shape, documents, List.of(), ALL, 4, 1000);
    int whole = PackedNgrams.of(learned).bytes().length;
    for (int bound : new int[] {0, whole / 4, whole / 2, whole - 1}) {
      PackedNgrams.Packed packed = PackedNgrams.of(learned, bound);
      if (bound > 0) {
        assertThat(packed.bytes().length).isBetween(bound - 50, bound);
      } else {
        assertThat(packed.ngrams()).containsExactly(shape.symbols(), 0, 0);
      }
      double[] distribution = distribution(PackedNgrams.read(packed.bytes(), "p"), history(shape));
      assertThat(Arrays.stream(distribution).sum()).isEqualTo(1, within(1e-12));
    }
  }

  @Test
  void refusesWhatIsDamaged() {
    NgramShape shape = new NgramShape(3, IDS, -1);
    LearnedNgrams learned =
        Ngrams.learn(shape, Ngrams.documents(random, IDS, 50, -1), List.of(), ALL, 4, 1000);
    byte[] bytes = PackedNgrams.of(learned).bytes();
    for (int length : new int[] {0, 2, 30, bytes.length / 2, bytes.length - 1}) {
      assertThatThrownBy(() -> PackedNgrams.read(Arrays.copyOf(bytes, length), "here"))
          .isInstanceOf(LearnException.class)
          .hasMessageContaining("here is no packed n-gram model");
    }
  }

  @Test
  void theBitsOfTheTrainingTextAreThoseOfReadingIt() {
    NgramShape shape = new NgramShape(3, IDS, 0);
    List<int[]> documents = Ngrams.documents(random, IDS, 300, 0);
    NgramModel model = Ngrams.learn(shape, documents, List.of(), ALL, 4, 1000).model();
    CrossEntropy entropy = new CrossEntropy(model, (ids, count) -> count);
    List<int[]> tuples = new ArrayList<>();
    NgramCounter counter =
        new NgramCounter(
            shape,
            1 << 20,
            counts ->
                PackedTuples.forEach(
                    3,
                    counts.pack(1)[0],
                    (tuple, count) ->
                        IntStream.range(0, (int) count).forEach(i -> tuples.add(tuple.clone()))));
    for (int[] document : documents) {
      entropy.begin("d");
      entropy.ids(document, document.length);
      entropy.end();
      counter.begin("d");
      counter.ids(document, document.length);
      counter.end();
    }
    counter.finish();
    double bits =
        TrainingEntropy.bits(
            model,
            partition ->
                partition.accept(visitor -> tuples.forEach(tuple -> visitor.visit(tuple, 1))));
    NgramFigures.Validation figures = java.util.Objects.requireNonNull(entropy.figures());
    assertThat(tuples).hasSize((int) figures.symbols());
    assertThat(bits).isEqualTo(figures.bits(), within(1e-6));
  }

  private int[] history(NgramShape shape) {
    int[] ids = random.ints(random.nextInt(5), 0, IDS).toArray();
    return random.nextBoolean()
        ? ids
        : IntStream.concat(IntStream.of(shape.begin()), IntStream.of(ids)).toArray();
  }

  private static double[] distribution(NgramModel model, int[] history) {
    double[] out = new double[model.shape().symbols()];
    model.distribution(history, 0, history.length, out);
    return out;
  }
}
