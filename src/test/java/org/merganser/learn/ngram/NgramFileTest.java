package org.merganser.learn.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.store.UnusableFileException;

/** The file of a model, whole and with fewer n-grams. */
final class NgramFileTest {
  private static final int IDS = 40;
  private static final long ALL = Long.MAX_VALUE;

  private final Random random = new Random(Seeds.next());

  @ParameterizedTest
  @CsvSource({"1, -1, 1", "2, 0, 1", "3, -1, 1", "3, 0, 2", "5, 0, 3"})
  void hasTheSameProbabilities(int order, int endOfDocument, long least) {
    NgramShape shape = new NgramShape(order, IDS, endOfDocument);
    List<int[]> documents = Ngrams.documents(random, IDS, 200, endOfDocument);
    long most = Ngrams.occurring(shape, documents, least);
    NgramModel model = Ngrams.learn(shape, documents, most, 4, 1000).model();
    byte[] file = NgramFile.write(Ngrams.learn(shape, documents, most, 4, 1000));
    assertThat(NgramFile.within(file.length, file, "f")).isEqualTo(file);
    NgramModel read = NgramFile.read(file, "f");
    assertThat(read.shape()).isEqualTo(shape);
    assertThat(Ngrams.size(read)).isEqualTo(Ngrams.size(model));
    for (int i = 0; i < 100; i++) {
      int[] history = history(shape);
      assertThat(distribution(read, history)).isEqualTo(distribution(model, history));
    }
  }

  /** An n-gram that is left out counts as one that learning had left out. */
  @ParameterizedTest
  @CsvSource({"2, 0", "3, -1", "3, 0", "4, 0"})
  void withFewerNgramsIsTheFileOfAModelThatWasLearnedWithFewer(int order, int endOfDocument) {
    NgramShape shape = new NgramShape(order, IDS, endOfDocument);
    List<int[]> documents = Ngrams.documents(random, IDS, 400, endOfDocument);
    byte[] all = NgramFile.write(Ngrams.learn(shape, documents, ALL, 4, 1000));
    long most = Ngrams.occurring(shape, documents, 3);
    byte[] often = NgramFile.write(Ngrams.learn(shape, documents, most, 4, 1000));
    assertThat(NgramFile.within(often.length, all, "f")).isEqualTo(often);
    assertThat(NgramFile.within(often.length, often, "f")).isEqualTo(often);
  }

  @Test
  void withFewerNgramsHasAtMostSoManyBytesAndAlwaysAllIds() {
    NgramShape shape = new NgramShape(3, IDS, -1);
    List<int[]> documents = Ngrams.documents(random, IDS, 400, -1);
    byte[] file = NgramFile.write(Ngrams.learn(shape, documents, ALL, 4, 1000));
    for (int bound : new int[] {0, file.length / 4, file.length / 2, file.length - 1}) {
      byte[] fewer = NgramFile.within(bound, file, "f");
      NgramModel read = NgramFile.read(fewer, "f");
      if (bound > 0) {
        assertThat(fewer.length).isLessThanOrEqualTo(bound);
        assertThat(Ngrams.size(read)).isGreaterThan(shape.symbols());
      } else {
        assertThat(Ngrams.size(read)).isEqualTo(shape.symbols());
      }
      double[] distribution = distribution(read, history(shape));
      assertThat(Arrays.stream(distribution).sum()).isEqualTo(1, within(1e-12));
    }
  }

  @Test
  void refusesWhatIsDamaged() {
    NgramShape shape = new NgramShape(3, IDS, -1);
    byte[] bytes =
        NgramFile.write(Ngrams.learn(shape, Ngrams.documents(random, IDS, 50, -1), ALL, 4, 1000));
    for (int length : new int[] {0, 2, 30, bytes.length / 2, bytes.length - 1}) {
      assertThatThrownBy(() -> NgramFile.read(Arrays.copyOf(bytes, length), "here"))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("here is not an n-gram model");
    }
  }

  @Test
  void refusesBytesAfterTheModel() {
    NgramShape shape = new NgramShape(2, IDS, -1);
    byte[] bytes =
        NgramFile.write(Ngrams.learn(shape, Ngrams.documents(random, IDS, 50, -1), ALL, 4, 1000));
    assertThatThrownBy(() -> NgramFile.read(Arrays.copyOf(bytes, bytes.length + 2), "here"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("it has 2 bytes after its n-grams");
  }

  /** The symbols are 0, begin and end; symbols 0 and 0 + step continue symbol 0. */
  private static byte[] fileWithStep(int step) {
    ByteBuffer file = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {2, 1, 0}); // order, ids, no end of documents
    for (int order = 1; order <= 2; order++) {
      file.putDouble(0.5).putDouble(1).putDouble(1.5);
    }
    file.put(new byte[] {2, 0, 1}); // the adjusted counts of the symbols
    file.put(new byte[] {4, 0, 0}); // the continuations of each symbol, times 2
    file.put(new byte[] {2, (byte) (2 * step)});
    return Arrays.copyOf(file.array(), file.position());
  }

  @ParameterizedTest
  @CsvSource({"0, symbol 0 after 0", "4, symbol 4 after 0"})
  void refusesAContinuationThatIsNotALaterSymbol(int step, String problem) {
    assertThat(NgramFile.read(fileWithStep(2), "here").shape()).isEqualTo(new NgramShape(2, 1, -1));
    assertThatThrownBy(() -> NgramFile.read(fileWithStep(step), "here"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesDiscountsThatAreNotInRange() {
    NgramShape shape = new NgramShape(2, IDS, -1);
    byte[] bytes =
        NgramFile.write(Ngrams.learn(shape, Ngrams.documents(random, IDS, 50, -1), ALL, 4, 1000));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(3, Double.NaN);
    assertThatThrownBy(() -> NgramFile.read(bytes, "here"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("are not in range");
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
