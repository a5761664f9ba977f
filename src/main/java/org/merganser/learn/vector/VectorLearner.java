package org.merganser.learn.vector;

import org.merganser.learn.LearnException;
import org.merganser.learn.LearnProgress;
import org.merganser.learn.MergedTables;

/**
 * Learns vectors from the merged pairs of {@link CooccurrenceCounter}: positive pointwise mutual
 * information ({@link Ppmi}), of which the left singular vectors times the square root of the
 * singular values are the ids' vectors (Levy and Goldberg 2014, "Neural word embedding as implicit
 * matrix factorization"). An id that was not seen has the zero vector.
 *
 * <p>Memory: 8 bytes a pair that is used, and 24 · (dim + 10) an id (32,000 ids, dim 256: 204 MB).
 */
public final class VectorLearner {
  /** Vectors by id, row-major, and what they were learned from. */
  public record Vectors(
      float[] rows,
      int dim,
      long pairs,
      long pairsUsed,
      long minWeight,
      int idsWithoutVector,
      double[] singularValues) {}

  private VectorLearner() {}

  /**
   * @throws LearnException when there are fewer ids or contexts than dimensions
   */
  public static Vectors learn(
      MergedTables tables, IdContexts contexts, VectorSettings settings, LearnProgress progress) {
    int ids = contexts.idBound();
    int most = Math.min(ids, contexts.size());
    if (settings.dim() > most) {
      throw new LearnException(
          ("vectors of %s floats cannot be learned from %s different ids; choose a dim"
                  + " of at most %s")
              .formatted(settings.dim(), most, most));
    }
    progress.ahead(Ppmi.READINGS + RandomizedSvd.PRODUCTS);
    Ppmi ppmi =
        new Ppmi(tables, ids, contexts.size(), settings.maxPairs(), settings.shift(), progress);
    SparseRows matrix = ppmi.matrix();
    RandomizedSvd.Result svd = RandomizedSvd.of(matrix, settings.dim(), settings.seed(), progress);
    int dim = settings.dim();
    double[] scale = new double[dim];
    for (int i = 0; i < dim; i++) {
      scale[i] = sign(svd.left(), dim, i) * StrictMath.sqrt(svd.singularValues()[i]);
    }
    float[] rows = new float[Math.multiplyExact(ids, dim)];
    int without = 0;
    for (int id = 0; id < ids; id++) {
      if (matrix.from()[id] == matrix.from()[id + 1]) {
        without++; // rounding may have left something in the row: it is nothing
        continue;
      }
      for (int i = 0; i < dim; i++) {
        rows[id * dim + i] = (float) (svd.left()[id * dim + i] * scale[i]);
      }
    }
    return new Vectors(
        rows, dim, ppmi.distinct(), ppmi.kept(), ppmi.minWeight(), without, svd.singularValues());
  }

  /** A singular vector's sign is free: its largest component is made positive. */
  private static int sign(double[] left, int dim, int column) {
    double most = 0;
    for (int at = column; at < left.length; at += dim) {
      if (Math.abs(left[at]) > Math.abs(most)) {
        most = left[at];
      }
    }
    return most < 0 ? -1 : 1;
  }
}
