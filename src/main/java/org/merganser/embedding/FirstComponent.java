package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The first singular vector of a set of vectors, which are not centred, as the second step of
 * smooth inverse frequency removes it. Power iteration in double precision and a fixed order: the
 * same to the bit everywhere. The vectors lie in a scratch file, 4 × dim bytes each, and are gone
 * through once an iteration.
 */
public final class FirstComponent implements Closeable {
  private static final int MOST_ITERATIONS = 100;
  private static final double CONVERGED = 1e-9;

  private final VectorFile vectors;
  private final double[] start;

  /**
   * @param scratch a folder
   */
  public FirstComponent(Path scratch, int dim) throws IOException {
    this.vectors = new VectorFile(scratch, dim);
    this.start = new double[dim];
  }

  /** Adds {@code vector[0, dim)}; the order of vectors counts. */
  public void add(float[] vector) throws IOException {
    vectors.add(vector);
    for (int i = 0; i < start.length; i++) {
      start[i] += vector[i];
    }
  }

  /** Adds the vectors of a file that {@link PooledWriter} wrote. */
  public void addAll(Path pooled) throws IOException {
    try (PooledReader in = new PooledReader(pooled)) {
      while (in.next()) {
        if (in.vector().length != start.length) {
          throw new EmbeddingException(
              pooled + " has vectors of " + in.vector().length + " values, not " + start.length);
        }
        add(in.vector());
      }
    }
  }

  /** The component, of length 1; zeros where all vectors are zero. */
  public double[] compute() throws IOException {
    double[] component = start.clone();
    if (!scale(component)) {
      component[0] = 1; // vectors that cancel out, or none
    }
    for (int i = 0; i < MOST_ITERATIONS; i++) {
      double[] next = new double[component.length];
      double[] last = component;
      vectors.forEach(
          vector -> {
            double dot = dot(vector, last);
            for (int d = 0; d < next.length; d++) {
              next[d] += dot * vector[d];
            }
          });
      if (!scale(next)) {
        return next;
      }
      double change = 0;
      for (int d = 0; d < next.length; d++) {
        change = Math.max(change, Math.abs(next[d] - last[d]));
      }
      component = next;
      if (change < CONVERGED) {
        break;
      }
    }
    return component;
  }

  /**
   * Takes the component out of a vector.
   *
   * @param normalize whether the rest is scaled to length 1 (zeros stay zeros)
   */
  public static void remove(double[] component, float[] vector, boolean normalize) {
    double dot = dot(vector, component);
    double[] rest = new double[component.length];
    for (int d = 0; d < rest.length; d++) {
      rest[d] = vector[d] - dot * component[d];
    }
    double divisor = normalize ? Pooling.length(rest) : 1;
    for (int d = 0; d < rest.length; d++) {
      vector[d] = divisor == 0 ? 0 : (float) (rest[d] / divisor);
    }
  }

  private static double dot(float[] vector, double[] component) {
    double sum = 0;
    for (int d = 0; d < component.length; d++) {
      sum += vector[d] * component[d];
    }
    return sum;
  }

  private static boolean scale(double[] vector) {
    double length = Pooling.length(vector);
    for (int d = 0; d < vector.length && length > 0; d++) {
      vector[d] /= length;
    }
    return length > 0;
  }

  @Override
  public void close() throws IOException {
    vectors.close();
  }
}
