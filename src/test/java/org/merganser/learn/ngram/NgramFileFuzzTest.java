package org.merganser.learn.ngram;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.store.UnusableFileException;

/** A damaged n-gram model is refused with a UnusableFileException, or it predicts. */
class NgramFileFuzzTest {
  static byte[][] seeds() {
    List<byte[]> seeds = new ArrayList<>();
    Random random = new Random(1);
    for (int order : new int[] {1, 2, 3, 5}) {
      int end = order % 2 == 0 ? 0 : -1;
      NgramShape shape = new NgramShape(order, 6, end);
      List<int[]> documents = Ngrams.documents(random, 6, 20, end);
      seeds.add(NgramFile.write(Ngrams.learn(shape, documents, Long.MAX_VALUE, 2, 1000)));
      seeds.add(NgramFile.write(Ngrams.learn(shape, documents, 12, 2, 1000)));
    }
    return seeds.toArray(byte[][]::new);
  }

  @MethodSource("seeds")
  @FuzzTest
  void refusesOrUsesAnyModel(byte[] damaged) {
    NgramModel model;
    try {
      model = NgramFile.read(damaged, "ngrams.bin");
      NgramFile.within(damaged.length / 2, damaged, "ngrams.bin");
    } catch (UnusableFileException documented) {
      Fuzz.requireNames(documented, "ngrams.bin");
      return;
    }
    double[] distribution = new double[model.shape().symbols()];
    int[] history = {model.shape().begin(), 0, 0};
    model.distribution(history, 0, history.length, distribution);
  }

  @Test
  @Tag("random")
  void refusesOrUsesADamagedModel() throws IOException {
    Fuzz.run(Fuzz.millis(), this::refusesOrUsesAnyModel, seeds());
  }
}
