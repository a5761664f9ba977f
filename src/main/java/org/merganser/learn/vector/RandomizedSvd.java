package org.merganser.learn.vector;

import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.eig.SymmetricQRAlgorithmDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.TridiagonalDecompositionHouseholder_DDRM;
import org.ejml.dense.row.decomposition.qr.QRDecompositionHouseholderColumn_DDRM;
import org.ejml.dense.row.misc.TransposeAlgs_DDRM;
import org.ejml.dense.row.mult.MatrixMatrixMult_DDRM;
import org.merganser.embedding.NormalRandom;

/**
 * The largest singular values of a sparse matrix and their left vectors, by random projection with
 * power iterations (Halko, Martinsson and Tropp 2011, "Finding structure with randomness", 4.4 and
 * 5.1). It runs in one thread, in a fixed order and from a seed, so that the bits are the same
 * everywhere. EJML's classes are named explicitly, because its factories choose by size and number
 * of cores.
 *
 * <p>With l = dim + {@link #OVERSAMPLING}: memory of 24 · l bytes a row and 16 · l a column; time
 * of 12 · l multiplications an entry and 6 · l² a row.
 */
final class RandomizedSvd {
  /** Projections in addition to the requested ones. */
  static final int OVERSAMPLING = 10;

  /** Iterations that separate the wanted singular values from the others. */
  private static final int POWER_ITERATIONS = 2;

  /**
   * The singular values and left vectors.
   *
   * @param left row-major, rows × dim, orthonormal columns
   * @param singularValues descending; 0 beyond the matrix's rank
   */
  record Result(double[] left, double[] singularValues) {}

  private RandomizedSvd() {}

  /**
   * The largest singular values of a matrix.
   *
   * @param dim the number of values, at most the number of rows and of columns
   * @param seed of the random projection
   */
  static Result of(SparseRows matrix, int dim, long seed) {
    int width = Math.min(dim + OVERSAMPLING, Math.min(matrix.rows(), matrix.columnCount()));
    if (dim > width) {
      throw new IllegalArgumentException(
          dim + " values of " + matrix.rows() + " x " + matrix.columnCount());
    }
    NormalRandom random = new NormalRandom(seed);
    DMatrixRMaj columns = new DMatrixRMaj(matrix.columnCount(), width);
    Arrays.setAll(columns.data, i -> gaussian(random));
    DMatrixRMaj rows = new DMatrixRMaj(matrix.rows(), width);
    matrix.times(columns.data, width, rows.data);
    rows = orthonormal(rows);
    for (int i = 0; i < POWER_ITERATIONS; i++) {
      matrix.transposedTimes(rows.data, width, columns.data);
      columns = orthonormal(columns);
      matrix.times(columns.data, width, rows.data);
      rows = orthonormal(rows);
    }
    matrix.transposedTimes(rows.data, width, columns.data);
    return rotated(rows, squared(columns), dim);
  }

  /**
   * The first standard normal value of the next pair. The second one is left out: with it, the
   * vectors of a run would have other bits than those of builds before.
   */
  private static double gaussian(NormalRandom random) {
    double first = random.next();
    random.next();
    return first;
  }

  /** The transposed matrix times the matrix. */
  private static DMatrixRMaj squared(DMatrixRMaj matrix) {
    DMatrixRMaj transposed = new DMatrixRMaj(matrix.numCols, matrix.numRows);
    TransposeAlgs_DDRM.standard(matrix, transposed);
    DMatrixRMaj squared = new DMatrixRMaj(matrix.numCols, matrix.numCols);
    MatrixMatrixMult_DDRM.mult_reorder(transposed, matrix, squared);
    return squared;
  }

  /** An orthonormal basis of the matrix's columns; overwrites the matrix. */
  private static DMatrixRMaj orthonormal(DMatrixRMaj matrix) {
    QRDecompositionHouseholderColumn_DDRM qr = new QRDecompositionHouseholderColumn_DDRM();
    qr.decompose(matrix); // false without full rank: Q is orthonormal all the same
    boolean compact = true;
    return qr.getQ(null, compact);
  }

  /** Rotates the basis {@code rows} to the eigenvectors of {@code squared}, largest first. */
  private static Result rotated(DMatrixRMaj rows, DMatrixRMaj squared, int dim) {
    int width = squared.numCols;
    boolean withVectors = true;
    SymmetricQRAlgorithmDecomposition_DDRM eigen =
        new SymmetricQRAlgorithmDecomposition_DDRM(
            new TridiagonalDecompositionHouseholder_DDRM(), withVectors);
    if (!eigen.decompose(squared)) {
      throw new IllegalStateException("the eigenvalues of " + width + " x " + width + " diverge");
    }
    Integer[] order = new Integer[width];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).real)); // stable
    DMatrixRMaj rotation = new DMatrixRMaj(width, dim);
    double[] singularValues = new double[dim];
    for (int i = 0; i < dim; i++) {
      double value = Math.max(0, eigen.getEigenvalue(order[i]).real);
      singularValues[i] = StrictMath.sqrt(value);
      DMatrixRMaj vector = eigen.getEigenVector(order[i]);
      for (int row = 0; row < width; row++) {
        rotation.data[row * dim + i] = vector.data[row];
      }
    }
    DMatrixRMaj left = new DMatrixRMaj(rows.numRows, dim);
    MatrixMatrixMult_DDRM.mult_reorder(rows, rotation, left);
    return new Result(left.data, singularValues);
  }
}
