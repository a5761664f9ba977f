package org.merganser.learn.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** Against a sum over whole distributions, with histories that are chosen by trying all lengths. */
final class ByteContextEntropyTest {
  private static final int SYMBOLS = 7;

  private static List<int[]> documents(Random random, int count) {
    List<int[]> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      documents.add(
          random.ints(random.nextInt(12), 0, SYMBOLS).map(n -> n * n / SYMBOLS).toArray());
    }
    return documents;
  }

  private static List<NgramModel> models(List<int[]> documents) {
    List<NgramModel> models = new ArrayList<>();
    for (int order = 1; order <= 4; order++) {
      models.add(NgramLearner.ofDocuments(documents, order, SYMBOLS));
    }
    return models;
  }

  /** A symbol has one byte more than its number. */
  private static double plainly(List<NgramModel> models, int contextBytes, int[] document) {
    double bits = 0;
    for (int at = 0; at <= document.length; at++) {
      int length = 0;
      for (int tried = 1; tried <= Math.min(3, at + 1); tried++) {
        int bytes = 0;
        for (int i = at - tried; i < at; i++) {
          bytes += i < 0 ? 0 : document[i] + 1;
        }
        length = bytes <= contextBytes ? tried : length;
      }
      NgramModel model = models.get(length);
      int[] history = new int[length];
      for (int i = 0; i < length; i++) {
        int place = at - length + i;
        history[i] = place < 0 ? model.shape().begin() : document[place];
      }
      double[] distribution = new double[model.shape().symbols()];
      model.distribution(history, 0, length, distribution);
      int next = at == document.length ? model.shape().end() : document[at];
      bits -= Math.log(distribution[next]) / Math.log(2);
    }
    return bits;
  }

  @Test
  void predictsEachSymbolFromTheMostSymbolsThatFit() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 40; round++) {
      List<NgramModel> models = models(documents(random, 30));
      for (int contextBytes : new int[] {0, 1, 3, 6, 10, 1000}) {
        ByteContextEntropy entropy = new ByteContextEntropy(models, contextBytes, id -> id + 1);
        for (int[] document : documents(random, 5)) {
          assertThat(entropy.bits(document))
              .isCloseTo(plainly(models, contextBytes, document), within(1e-9));
        }
      }
    }
  }
}
