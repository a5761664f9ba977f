package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.merganser.learn.tuple.TupleCounts;

/** Documents of ids, and models learned from them as a run does it: counted, packed, merged. */
final class Ngrams {
  private Ngrams() {}

  /** Documents over few ids, small ones more frequent, some of them empty. */
  static List<int[]> documents(Random random, int idBound, int documents, int endOfDocument) {
    List<int[]> all = new ArrayList<>();
    for (int d = 0; d < documents; d++) {
      int[] ids = new int[random.nextInt(12) + (endOfDocument < 0 ? 0 : 1)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = random.nextInt(1 + random.nextInt(idBound));
      }
      if (endOfDocument >= 0) {
        ids[ids.length - 1] = endOfDocument;
      }
      all.add(ids);
    }
    return all;
  }

  static LearnedNgrams learn(
      NgramShape shape, List<int[]> documents, long most, int partitions, int maxDistinct) {
    List<List<byte[]>> blocks = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      blocks.add(new ArrayList<>());
    }
    NgramCounter counter =
        new NgramCounter(
            shape,
            maxDistinct,
            counts -> {
              byte[][] packed = counts.pack();
              for (int p = 0; p < packed.length; p++) {
                blocks.get(p % partitions).add(packed[p]);
              }
            });
    for (int[] document : documents) {
      counter.begin();
      counter.addIds(document, document.length / 2);
      int[] rest = java.util.Arrays.copyOfRange(document, document.length / 2, document.length);
      counter.addIds(rest, rest.length);
      counter.end();
    }
    counter.finish();
    return NgramLearner.learn(
        shape,
        most,
        visitor ->
            blocks.forEach(partition -> TupleCounts.merge(shape.order(), partition, visitor)));
  }

  /** N-grams of all orders. */
  static long size(NgramModel model) {
    return model.levels().stream().mapToLong(level -> level.size()).sum();
  }

  /** How many n-grams of two symbols and more occur so often; learning that many keeps them. */
  static long occurring(NgramShape shape, List<int[]> documents, long least) {
    long ngrams = 0;
    for (KeptNgrams of : learn(shape, documents, Long.MAX_VALUE, 4, 1000).kept()) {
      ngrams += IntStream.range(0, of.size()).filter(i -> of.count(i) >= least).count();
    }
    return ngrams;
  }
}
