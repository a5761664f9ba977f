package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table of seeded normal(0, std) rows, from which a model can start training. The rows are
 * the same on every machine: the generator is the JDK's SplitMix64 (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014) from the seed, two outputs a pair of values;
 * the values are those of Box and Muller (1958) in {@link StrictMath}, rounded to float.
 */
public final class EmbeddingTableInit {
  private EmbeddingTableInit() {}

  /**
   * Writes the table.
   *
   * @param dim the number of values of a row
   * @param std the standard deviation of the values, whose mean is 0
   * @param tokenizerSha256 of the tokenizer.json whose ids the rows have, or null
   * @throws EmbeddingException if rows, dim or std is out of range
   */
  public static void write(
      Path file, int rows, int dim, double std, long seed, @Nullable String tokenizerSha256)
      throws IOException {
    if (rows < 1 || !(std >= 0 && Double.isFinite(std))) {
      throw new EmbeddingException(
          "rows is " + rows + " and std " + std + ": at least 1 row, and a std not below 0");
    }
    String source = "normal(0, " + std + "), seed " + seed;
    Normal normal = new Normal(seed);
    float[] row = new float[Math.max(dim, 0)];
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(file, dim, "F32", source, tokenizerSha256)) {
      for (int id = 0; id < rows; id++) {
        for (int i = 0; i < dim; i++) {
          row[i] = (float) (std * normal.next());
        }
        out.write(null, row, 0);
      }
    }
  }

  /** Seeded numbers of the standard normal distribution, as the class comment describes. */
  public static final class Normal {
    private final SplittableRandom random;

    /** The second value of the last pair, until it is used. */
    private double spare;

    private boolean hasSpare;

    /** Starts the sequence of a seed. */
    public Normal(long seed) {
      this.random = new SplittableRandom(seed);
    }

    /** The next number. */
    public double next() {
      if (hasSpare) {
        hasSpare = false;
        return spare;
      }
      // In (0, 1], so that its logarithm is finite.
      double u = ((random.nextLong() >>> 11) + 1) * 0x1p-53;
      double angle = 2 * StrictMath.PI * random.nextDouble();
      double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
      spare = radius * StrictMath.sin(angle);
      hasSpare = true;
      return radius * StrictMath.cos(angle);
    }
  }
}
