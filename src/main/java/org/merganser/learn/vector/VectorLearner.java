package org.merganser.learn.vector;

import org.merganser.embedding.EmbeddingException;
import org.merganser.learn.tuple.TupleSource;

/**
 * Learns vectors from the merged pairs of {@link CooccurrenceCounter}: the ids' vectors are the
 * left singular vectors, times the square root of the singular values, of the positive pointwise
 * mutual information ({@link Ppmi}) (Levy and Goldberg 2014, "Neural word embedding as implicit
 * matrix factorization"). An id that does not occur has the zero vector.
 *
 * <p>Memory: 8 bytes a used pair, and 24 · (dim + 10) an id (32,000 ids, dim 256: 204 MB).
 */
public final class VectorLearner {
  /** The most contexts of an {@link IdContexts} whose pairs are learned from. */
  public static final int CONTEXTS = 4096;

  /** The most pairs that are used: 160 MB of the matrix. */
  private static final long MAX_PAIRS = 20_000_000;

  /** The seed of the random projection. */
  private static final long SEED = 1;

  /**
   * The learned vectors.
   *
   * @param rows the vectors by id, row-major
   * @param minWeight the minimum weight of a used pair, such that at most {@code MAX_PAIRS} are
   *     used
   */
  public record Vectors(float[] rows, long minWeight) {}

  private VectorLearner() {}

  /**
   * Learns vectors of {@code dim} floats.
   *
   * @param tables the pairs of a {@link CooccurrenceCounter} with these contexts
   * @throws EmbeddingException if there are fewer ids or contexts than dimensions
   */
  public static Vectors learn(TupleSource tables, IdContexts contexts, int dim) {
    int ids = contexts.idBound();
    int most = Math.min(ids, contexts.size());
    if (dim > most) {
      throw new EmbeddingException(
          ("vectors of %s floats cannot be learned from %s different ids; choose a dim"
                  + " of at most %s")
              .formatted(dim, most, most));
    }
    Ppmi ppmi = new Ppmi(tables, ids, contexts.size(), MAX_PAIRS);
    SparseRows matrix = ppmi.matrix();
    RandomizedSvd.Result svd = RandomizedSvd.of(matrix, dim, SEED);
    double[] scale = new double[dim];
    for (int i = 0; i < dim; i++) {
      scale[i] = sign(svd.left(), dim, i) * StrictMath.sqrt(svd.singularValues()[i]);
    }
    return new Vectors(scaled(svd.left(), scale, matrix), ppmi.minWeight());
  }

  /** The left vectors with scaled columns; zero in empty rows of the matrix. */
  private static float[] scaled(double[] left, double[] scale, SparseRows matrix) {
    int ids = matrix.rows();
    int dim = scale.length;
    float[] rows = new float[Math.multiplyExact(ids, dim)];
    for (int id = 0; id < ids; id++) {
      if (matrix.from()[id] == matrix.from()[id + 1]) {
        continue; // what remains in the row is a rounding error
      }
      for (int i = 0; i < dim; i++) {
        rows[id * dim + i] = (float) (left[id * dim + i] * scale[i]);
      }
    }
    return rows;
  }

  /**
   * The factor, 1 or -1, with which the component of the largest magnitude of a singular vector is
   * positive: the sign of the vector is arbitrary otherwise.
   */
  private static int sign(double[] left, int dim, int column) {
    double largest = 0;
    for (int at = column; at < left.length; at += dim) {
      if (Math.abs(left[at]) > Math.abs(largest)) {
        largest = left[at];
      }
    }
    return largest < 0 ? -1 : 1;
  }
}
