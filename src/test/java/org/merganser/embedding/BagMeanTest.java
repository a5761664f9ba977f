package org.merganser.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;

/** The bag's mean against the sum in the order of the document, bit by bit. */
class BagMeanTest {
  @TempDir Path dir;
  private int tables;

  private EmbeddingTable table(float[]... rows) throws IOException {
    Path file = dir.resolve("table" + tables++ + ".parquet");
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(file, rows[0].length, "F32", "a test", null)) {
      for (float[] row : rows) {
        out.write(null, row, 0);
      }
    }
    return EmbeddingTable.open(file, dir.resolve("flat"));
  }

  private static float[] slowly(float[][] rows, int[] ids, int leftOut) {
    double[] sum = new double[rows[0].length];
    int vectors = 0;
    for (int id : ids) {
      if (id != leftOut) {
        for (int d = 0; d < sum.length; d++) {
          sum[d] += rows[id][d];
        }
        vectors++;
      }
    }
    float[] mean = new float[sum.length];
    for (int d = 0; d < sum.length; d++) {
      mean[d] = vectors == 0 ? 0 : (float) (sum[d] / vectors);
    }
    return mean;
  }

  /** What tables hold, from what is common to what is hard. */
  private enum Values {
    GAUSSIAN {
      @Override
      float draw(Random random) {
        return (float) (0.02 * random.nextGaussian());
      }
    },
    BRAIN_FLOATS {
      @Override
      float draw(Random random) {
        return Float.intBitsToFloat(
            Float.floatToRawIntBits((float) random.nextGaussian()) & 0xFFFF0000);
      }
    },
    ALL_EXPONENTS {
      @Override
      float draw(Random random) {
        float value = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(value) ? value : Float.MAX_VALUE;
      }
    },
    SUBNORMAL {
      @Override
      float draw(Random random) {
        return Float.intBitsToFloat(random.nextInt() & 0x807F_FFFF);
      }
    },
    HUGE {
      @Override
      float draw(Random random) {
        return random.nextBoolean() ? Float.MAX_VALUE : -Math.nextDown(Float.MAX_VALUE);
      }
    },
    ZEROS {
      @Override
      float draw(Random random) {
        return random.nextInt(4) == 0 ? Float.MIN_VALUE : random.nextBoolean() ? 0f : -0f;
      }
    },
    BIG_OR_TINY {
      @Override
      float draw(Random random) {
        return (random.nextBoolean() ? 1 : -1)
            * (random.nextBoolean() ? 1f + random.nextFloat() : 1e-9f * random.nextFloat());
      }
    };

    abstract float draw(Random random);
  }

  /** Rows in pairs, of which some cancel out. */
  private static float[][] rows(Values values, int count, int dim, boolean cancel, Random random) {
    float[][] rows = new float[count][dim];
    for (int id = 0; id < count; id++) {
      for (int d = 0; d < dim; d++) {
        rows[id][d] = cancel && id % 2 == 1 ? -rows[id - 1][d] : values.draw(random);
      }
    }
    return rows;
  }

  private static int[] ids(int count, int rows, boolean alternating, Random random) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      int id = (int) Math.pow(rows, random.nextDouble()) - 1;
      ids[i] = alternating && i % 2 == 1 && ids[i - 1] % 2 == 0 ? ids[i - 1] + 1 : id;
      ids[i] = Math.min(ids[i], rows - 1);
    }
    return ids;
  }

  @Test
  void poolsToTheBitAsInTheOrderOfTheDocument() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (Values values : Values.values()) {
      for (int round = 0; round < Seeds.cases(20); round++) {
        boolean cancel = random.nextInt(3) == 0;
        float[][] rows =
            rows(values, 1 + random.nextInt(400), 1 + random.nextInt(20), cancel, random);
        EmbeddingTable open = table(rows);
        for (int count : new int[] {1, 383, 384, 385, 400 + random.nextInt(3000), 20_000}) {
          int[] ids = ids(count, rows.length, cancel, random);
          int leftOut = random.nextInt(rows.length + 1) - 1;
          float[] pooled = new float[rows[0].length];
          new Pooling(open, leftOut).pool(ids, count, pooled);
          assertThat(pooled)
              .as("seed %d, %s, round %d, %d ids", seed, values, round, count)
              .isEqualTo(slowly(rows, ids, leftOut));
        }
      }
    }
  }

  @Test
  void decidesWhatModelsHave() throws IOException {
    Random random = new Random(Seeds.next());
    for (Values values : new Values[] {Values.GAUSSIAN, Values.BRAIN_FLOATS}) {
      float[][] rows = rows(values, 2_000, 64, false, random);
      EmbeddingTable open = table(rows);
      BagMean bag = new BagMean(open.wide(), open.rows(), open.dim());
      float[] mean = new float[open.dim()];
      for (int count : new int[] {3_000, 100_000, 5_000, 3_000}) {
        int[] ids = ids(count, rows.length, false, random);
        assertThat(bag.mean(ids, count, mean)).as("%s, %d ids", values, count).isTrue();
        assertThat(mean).as("%s, %d ids", values, count).isEqualTo(slowly(rows, ids, -1));
      }
    }
  }

  /** Sums in order where the bag does not decide: its own sum would give another float. */
  private void isLeftToTheOrder(float[][] rows, int[] ids, float expected) throws IOException {
    EmbeddingTable open = table(rows);
    float[] mean = new float[1];
    assertThat(new BagMean(open.wide(), rows.length, 1).mean(ids, ids.length, mean)).isFalse();
    new Pooling(open, -1).pool(ids, ids.length, mean);
    assertThat(mean).isEqualTo(slowly(rows, ids, -1)).isEqualTo(new float[] {expected});
  }

  @Test
  void doesNotDecideWhatDependsOnTheOrder() throws IOException {
    // Without its tiny values the mean lies midway between two floats. In the order of the document
    // each of them is lost, and the mean is the even one of the two; added up first they count.
    int[] ids = new int[2048];
    Arrays.setAll(ids, i -> i < 1024 ? i % 2 : 2);
    isLeftToTheOrder(new float[][] {{1}, {Math.nextUp(1f)}, {0x1p-44f}}, ids, 0.5f);
  }

  @Test
  void doesNotDecideTheSignOfAZeroThatDependsOnTheOrder() throws IOException {
    // In the order of the document the least float is lost between values that cancel out.
    int[] ids = new int[1201];
    Arrays.setAll(ids, i -> i < 600 ? 0 : i == 600 ? 1 : 2);
    isLeftToTheOrder(new float[][] {{0x1p-105f}, {-Float.MIN_VALUE}, {-0x1p-105f}}, ids, 0f);
  }

  @Test
  void leavesToOthersWhatHardlyRepeats() throws IOException {
    float[][] rows = rows(Values.GAUSSIAN, 300, 2, false, new Random(Seeds.next()));
    EmbeddingTable open = table(rows);
    BagMean bag = new BagMean(open.wide(), 300, 2);
    int[] ids = new int[750];
    Arrays.setAll(ids, i -> i % 300);
    float[] mean = new float[2];
    assertThat(bag.mean(ids, 750, mean)).isTrue();
    assertThat(mean).isEqualTo(slowly(rows, ids, -1));
    assertThat(bag.mean(ids, 749, mean)).isFalse();
    assertThat(bag.mean(ids, 750, mean)).isTrue();
    assertThat(mean).isEqualTo(slowly(rows, ids, -1));
  }

  @Test
  void poolsToTheBitWhatIsTooLongToKeep() throws IOException {
    Random random = new Random(Seeds.next());
    float[][] rows = rows(Values.GAUSSIAN, 9, 2, false, random);
    Pooling pooling = new Pooling(table(rows), -1);
    float[] mean = new float[2];
    for (int count : new int[] {BagMean.MOST_IDS + 1, BagMean.MOST_IDS, 2_000_000, 3_000_000}) {
      int[] ids = ids(count, rows.length, false, random);
      pooling.pool(ids, count, mean);
      assertThat(mean).as("%d ids", count).isEqualTo(slowly(rows, ids, -1));
    }
  }
}
