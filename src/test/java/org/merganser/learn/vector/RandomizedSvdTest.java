package org.merganser.learn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.junit.jupiter.api.Test;

/** The random projection against EJML's full decomposition. */
final class RandomizedSvdTest {
  private static final long SEED = 42;

  /** Sparse, of falling singular values as mutual information has them. */
  private static double[][] matrix(int rows, int columns) {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        boolean sameTopic = i % 7 == j % 7;
        if (random.nextInt(sameTopic ? 2 : 12) == 0) {
          matrix[i][j] = (float) (random.nextDouble() * (sameTopic ? 4 : 1));
        }
      }
    }
    return matrix;
  }

  private static SparseRows sparse(double[][] matrix) {
    int[] from = new int[matrix.length + 1];
    int[] columns = new int[matrix.length * matrix[0].length];
    float[] values = new float[columns.length];
    int size = 0;
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        if (matrix[i][j] != 0) {
          columns[size] = j;
          values[size++] = (float) matrix[i][j];
        }
      }
      from[i + 1] = size;
    }
    return new SparseRows(from, columns, values, matrix[0].length);
  }

  @Test
  void findsTheLargestSingularValuesAndTheirLeftVectors() {
    double[][] matrix = matrix(210, 140);
    int dim = 8;
    RandomizedSvd.Result found = RandomizedSvd.of(sparse(matrix), dim, 1);

    SingularValueDecomposition_F64<DMatrixRMaj> exact =
        DecompositionFactory_DDRM.svd(210, 140, true, true, true);
    assertThat(exact.decompose(new DMatrixRMaj(matrix))).isTrue();
    double[] values = exact.getSingularValues().clone();
    java.util.Arrays.sort(values);
    for (int i = 0; i < 7; i++) { // the seven topics stand out; the eighth value is noise
      assertThat(found.singularValues()[i])
          .isEqualTo(values[values.length - 1 - i], within(1e-3 * values[values.length - 1]));
    }
    for (int i = 0; i < dim; i++) {
      for (int j = 0; j < dim; j++) {
        double product = 0;
        for (int row = 0; row < 210; row++) {
          product += found.left()[row * dim + i] * found.left()[row * dim + j];
        }
        assertThat(product).isEqualTo(i == j ? 1 : 0, within(1e-10));
      }
    }
    // u_i is a left singular vector: |A' u_i| is the singular value.
    double norm = 0;
    for (int column = 0; column < 140; column++) {
      double sum = 0;
      for (int row = 0; row < 210; row++) {
        sum += matrix[row][column] * found.left()[row * dim];
      }
      norm += sum * sum;
    }
    assertThat(Math.sqrt(norm)).isEqualTo(found.singularValues()[0], within(1e-6));
  }

  @Test
  void isTheSameToTheBitFromASeed() {
    SparseRows matrix = sparse(matrix(60, 50));
    RandomizedSvd.Result one = RandomizedSvd.of(matrix, 10, 3);
    assertThat(RandomizedSvd.of(matrix, 10, 3).left()).isEqualTo(one.left());
    assertThat(RandomizedSvd.of(matrix, 10, 4).left()).isNotEqualTo(one.left());
  }

  @Test
  void givesZeroBeyondTheRank() {
    double[][] matrix = new double[20][20];
    matrix[3][4] = 2;
    matrix[5][6] = 3;
    RandomizedSvd.Result found = RandomizedSvd.of(sparse(matrix), 5, 1);
    assertThat(found.singularValues()).containsExactly(new double[] {3, 2, 0, 0, 0}, within(1e-6));
    double[] squares = new double[5];
    for (int i = 0; i < found.left().length; i++) {
      squares[i % 5] += found.left()[i] * found.left()[i];
    }
    assertThat(squares).containsExactly(new double[] {1, 1, 1, 1, 1}, within(1e-10));
  }
}
