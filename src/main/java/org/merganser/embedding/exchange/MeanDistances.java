package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.TableReader;
import org.merganser.tokenizer.Tokenizer;

/**
 * How far the vectors of a table are from their mean. Training moves a vector away from where it
 * began, so that those of tokens that training met seldom or never stay near to one another, and to
 * the mean (S. Land and M. Bartolo, Fishing for Magikarp: Automatically Detecting Under-trained
 * Tokens in Large Language Models, 2024).
 */
public final class MeanDistances {
  private MeanDistances() {}

  /**
   * Reads the table twice, a row at a time.
   *
   * @param source a file, or a model's folder, in any format that can be imported
   * @param tensor the tensor's or column's name, or null for the usual ones
   * @param tokenizer the tokenizer.json whose ids the rows are
   * @param scratch a folder for the imported table
   * @return by id, the Euclidean distance from the mean of the rows of all ids that have a token;
   *     infinite for an id without one
   * @throws EmbeddingException as {@link EmbeddingImport#write}
   */
  public static double[] of(Path source, @Nullable String tensor, Path tokenizer, Path scratch)
      throws IOException {
    Tokenizer ids = Tokenizer.read(tokenizer);
    Files.createDirectories(scratch);
    Path table = Files.createTempFile(scratch, "audit-", ".parquet");
    try {
      EmbeddingImport.write(
          new EmbeddingImport.Request(source, tensor, tokenizer, false), table, scratch);
      return distances(table, ids, mean(table, ids));
    } finally {
      Files.deleteIfExists(table);
    }
  }

  private static double[] mean(Path table, Tokenizer ids) throws IOException {
    double[] sum = new double[0];
    int count = 0;
    try (TableReader in = new TableReader(table)) {
      for (int id = 0; id < ids.idBound() && in.next(); id++) {
        if (ids.token(id) == null) {
          continue;
        }
        float[] row = in.row();
        if (count++ == 0) {
          sum = new double[row.length];
        }
        for (int i = 0; i < row.length; i++) {
          sum[i] += row[i];
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= count;
    }
    return sum;
  }

  private static double[] distances(Path table, Tokenizer ids, double[] mean) throws IOException {
    double[] distances = new double[ids.idBound()];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    try (TableReader in = new TableReader(table)) {
      for (int id = 0; id < distances.length && in.next(); id++) {
        if (ids.token(id) == null) {
          continue;
        }
        double squares = 0;
        for (int i = 0; i < mean.length; i++) {
          double apart = in.row()[i] - mean[i];
          squares += apart * apart;
        }
        distances[id] = StrictMath.sqrt(squares);
      }
    }
    return distances;
  }
}
