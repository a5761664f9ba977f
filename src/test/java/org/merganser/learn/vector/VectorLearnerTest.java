package org.merganser.learn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.embedding.EmbeddingException;
import org.merganser.learn.tuple.TupleCounts;
import org.merganser.learn.tuple.TupleSource;
import org.merganser.output.figures.IdHistogram;

/** Pairs, mutual information and vectors against their definitions. */
final class VectorLearnerTest {
  private static final int IDS = 40;
  private static final int END = 0;

  private final Random random = new Random(11);
  private final List<int[]> documents = topics();
  private final IdContexts contexts = new IdContexts(histogram(), IDS, 30, Set.of(END));

  /** Two topics of ids, 1–19 and 20–38, that never meet; 39 does not occur. */
  private List<int[]> topics() {
    System.out.println("seed 11");
    List<int[]> all = new ArrayList<>();
    for (int d = 0; d < 200; d++) {
      int[] ids = new int[5 + random.nextInt(20)];
      for (int i = 0; i < ids.length - 1; i++) {
        ids[i] = (d % 2 == 0 ? 1 : 20) + random.nextInt(1 + random.nextInt(19));
      }
      ids[ids.length - 1] = END;
      all.add(ids);
    }
    return all;
  }

  private IdHistogram histogram() {
    IdHistogram histogram = new IdHistogram();
    documents.forEach(ids -> histogram.addAll(ids, ids.length));
    return histogram;
  }

  private TupleSource tables(int window, int partitions, int maxDistinct) {
    List<List<byte[]>> blocks = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      blocks.add(new ArrayList<>());
    }
    CooccurrenceCounter counter =
        new CooccurrenceCounter(
            contexts,
            window,
            END,
            maxDistinct,
            counts -> {
              byte[][] packed = counts.pack();
              for (int p = 0; p < packed.length; p++) {
                blocks.get(p % partitions).add(packed[p]);
              }
            });
    for (int[] ids : documents) {
      counter.begin();
      counter.addIds(ids, ids.length);
      counter.end();
    }
    counter.finish();
    return visitor -> blocks.forEach(partition -> TupleCounts.merge(2, partition, visitor));
  }

  /** Weights by [id, context's id], from the definition. */
  private Map<List<Integer>, Long> plainPairs(int window) {
    Map<List<Integer>, Long> pairs = new HashMap<>();
    for (int[] ids : documents) {
      for (int i = 0; i < ids.length - 1; i++) {
        for (int j = 0; j < ids.length - 1; j++) {
          int distance = Math.abs(i - j);
          if (i != j && distance <= window && contexts.index(ids[j]) >= 0) {
            pairs.merge(List.of(ids[i], ids[j]), window + 1L - distance, Long::sum);
          }
        }
      }
    }
    return pairs;
  }

  private Map<List<Integer>, Long> counted(TupleSource tables) {
    Map<Integer, Integer> ids = new HashMap<>();
    for (int id = 0; id < IDS; id++) {
      ids.put(contexts.index(id), id);
    }
    Map<List<Integer>, Long> counted = new HashMap<>();
    tables.forEachTuple(
        (pair, weight) ->
            assertThat(counted.put(List.of(pair[0], ids.get(pair[1])), weight)).isNull());
    return counted;
  }

  @Test
  void weighsPairsByTheirDistanceInTheWindow() {
    assertThat(counted(tables(4, 5, 60))).isEqualTo(plainPairs(4));
    assertThat(counted(tables(1, 1, 100_000))).isEqualTo(plainPairs(1));
  }

  @Test
  void takesTheMostFrequentIdsAsContexts() {
    assertThat(contexts.size()).isEqualTo(30);
    assertThat(contexts.index(END)).isEqualTo(-1);
    assertThat(contexts.index(39)).isEqualTo(-1);
    IdHistogram counts = histogram();
    int[] order = IdContexts.mostFrequent(counts, IDS, 30, Set.of(END));
    for (int i = 1; i < order.length; i++) {
      assertThat(counts.count(order[i])).isLessThanOrEqualTo(counts.count(order[i - 1]));
    }
  }

  @Test
  void computesPositiveMutualInformationWithSmoothedContexts() {
    Map<List<Integer>, Long> pairs = plainPairs(3);
    Map<Integer, Double> ids = new HashMap<>();
    Map<Integer, Double> smoothed = new HashMap<>();
    pairs.forEach((pair, weight) -> ids.merge(pair.get(0), (double) weight, Double::sum));
    pairs.forEach((pair, weight) -> smoothed.merge(pair.get(1), (double) weight, Double::sum));
    smoothed.replaceAll((id, weight) -> Math.pow(weight, 0.75));
    double all = smoothed.values().stream().mapToDouble(Double::doubleValue).sum();

    SparseRows matrix = new Ppmi(tables(3, 5, 60), IDS, contexts.size(), Long.MAX_VALUE).matrix();
    int positive = 0;
    for (Map.Entry<List<Integer>, Long> entry : pairs.entrySet()) {
      int id = entry.getKey().get(0);
      int context = entry.getKey().get(1);
      double expected = Math.log(entry.getValue() / (ids.get(id) * smoothed.get(context) / all));
      double found = 0;
      for (int i = matrix.from()[id]; i < matrix.from()[id + 1]; i++) {
        found += matrix.columns()[i] == contexts.index(context) ? matrix.values()[i] : 0;
      }
      assertThat(found).isEqualTo(Math.max(0, expected), within(1e-6));
      positive += expected > 0 ? 1 : 0;
    }
    assertThat(matrix.values()).hasSize(positive);
  }

  @Test
  void raisesTheLeastWeightUntilTheBoundHolds() {
    Ppmi all = new Ppmi(tables(3, 5, 60), IDS, contexts.size(), Long.MAX_VALUE);
    assertThat(all.minWeight()).isEqualTo(1);
    Ppmi bound = new Ppmi(tables(3, 5, 60), IDS, contexts.size(), 200);
    long least = bound.minWeight();
    assertThat(plainPairs(3).values().stream().filter(weight -> weight >= least).count())
        .isLessThanOrEqualTo(200);
    assertThat(plainPairs(3).values().stream().filter(weight -> weight >= least - 1).count())
        .isGreaterThan(200);
  }

  private VectorLearner.Vectors learned(int partitions, int maxDistinct) {
    return VectorLearner.learn(tables(3, partitions, maxDistinct), contexts, 6);
  }

  @Test
  void putsIdsOfATopicNearEachOther() {
    float[] rows = learned(4, 1000).rows();
    for (int id : new int[] {1, 2, 3, 20, 21, 22}) {
      List<Integer> near =
          IntStream.range(0, IDS)
              .filter(other -> other != id)
              .boxed()
              .sorted(Comparator.comparingDouble(other -> -cosine(rows, id, other)))
              .limit(10)
              .toList();
      assertThat(near).allMatch(other -> other < 20 == id < 20 && other != END);
    }
    assertThat(Arrays.copyOfRange(rows, 39 * 6, 40 * 6)).containsOnly(0f);
    assertThat(Arrays.copyOfRange(rows, END * 6, END * 6 + 6)).containsOnly(0f);
  }

  private static double cosine(float[] rows, int one, int other) {
    double product = 0;
    double ofOne = 0;
    double ofOther = 0;
    for (int i = 0; i < 6; i++) {
      product += rows[6 * one + i] * rows[6 * other + i];
      ofOne += rows[6 * one + i] * rows[6 * one + i];
      ofOther += rows[6 * other + i] * rows[6 * other + i];
    }
    return product == 0 ? 0 : product / Math.sqrt(ofOne * ofOther);
  }

  @Test
  void isTheSameToTheBitHoweverTheCountsWereDivided() {
    assertThat(learned(4, 1000).rows()).isEqualTo(learned(4, 37).rows());
  }

  @Test
  void refusesMoreDimensionsThanIds() {
    assertThatThrownBy(() -> VectorLearner.learn(tables(3, 2, 1000), contexts, 31))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("choose a dim of at most 30");
  }
}
