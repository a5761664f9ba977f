package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table of seeded normal(0, std) rows, from which a model can start training. The values
 * are those of a {@link NormalRandom}, row after row, times std and rounded to float.
 */
public final class EmbeddingTableInit {
  private EmbeddingTableInit() {}

  /**
   * Writes the table.
   *
   * @param rows the number of rows
   * @param dim the number of values of a row
   * @param std the standard deviation of the values, whose mean is 0
   * @param seed of the values
   * @param tokenizerSha256 of the tokenizer.json whose ids the rows have, or null
   * @throws EmbeddingException if rows, dim or std is out of range, or a value too large for a
   *     float
   */
  public static void write(
      Path file, int rows, int dim, double std, long seed, @Nullable String tokenizerSha256)
      throws IOException {
    if (rows < 1 || !(std >= 0 && Double.isFinite(std))) {
      throw new EmbeddingException(
          "rows is " + rows + " and std " + std + ": at least 1 row, and a std not below 0");
    }
    String source = "normal(0, " + std + "), seed " + seed;
    NormalRandom normal = new NormalRandom(seed);
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(file, dim, "F32", source, tokenizerSha256)) {
      String noToken = null;
      float[] row = new float[dim];
      for (int id = 0; id < rows; id++) {
        for (int i = 0; i < dim; i++) {
          row[i] = normal.next(std, FloatType.F32);
        }
        out.write(noToken, row, 0);
      }
    }
  }
}
