package org.merganser.learn.vector;

import org.merganser.learn.LearnProgress;

/** The first two principal components of points. */
final class PrincipalComponents {
  private PrincipalComponents() {}

  /** Points of [x, y]; all 0 for fewer than two points or dimensions. */
  static double[][] of(double[][] points, long seed) {
    int count = points.length;
    int dim = count == 0 ? 0 : points[0].length;
    double[][] plane = new double[count][2];
    if (count < 2 || dim < 2) {
      return plane;
    }
    double[] mean = new double[dim];
    for (double[] point : points) {
      for (int d = 0; d < dim; d++) {
        mean[d] += point[d] / count;
      }
    }
    int[] from = new int[count + 1];
    int[] columns = new int[count * dim];
    float[] values = new float[count * dim];
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < dim; d++) {
        columns[i * dim + d] = d;
        values[i * dim + d] = (float) (points[i][d] - mean[d]);
      }
      from[i + 1] = (i + 1) * dim;
    }
    RandomizedSvd.Result svd =
        RandomizedSvd.of(new SparseRows(from, columns, values, dim), 2, seed, LearnProgress.NONE);
    for (int axis = 0; axis < 2; axis++) {
      double most = 0;
      for (int i = 0; i < count; i++) {
        double at = svd.left()[2 * i + axis];
        most = Math.abs(at) > Math.abs(most) ? at : most;
      }
      double scale = Math.copySign(svd.singularValues()[axis], most);
      for (int i = 0; i < count; i++) {
        plane[i][axis] = svd.left()[2 * i + axis] * scale;
      }
    }
    return plane;
  }
}
