package org.merganser.learn.vector;

import java.util.PriorityQueue;

/** The vectors nearest to one by cosine, found by looking at all of them. */
public final class Nearest {
  /** Vectors by id. */
  public interface Vectors {
    int rows();

    int dim();

    /** Copies the vector of {@code id} to {@code out[0, dim)}. */
    void row(int id, float[] out);
  }

  /** An id and its cosine to the one that was asked for. */
  public record Neighbour(int id, double cosine) {}

  private Nearest() {}

  /** Vectors that lie in one array, row-major. */
  public static Vectors of(float[] rows, int dim) {
    return new Vectors() {
      @Override
      public int rows() {
        return rows.length / dim;
      }

      @Override
      public int dim() {
        return dim;
      }

      @Override
      public void row(int id, float[] out) {
        System.arraycopy(rows, id * dim, out, 0, dim);
      }
    };
  }

  /**
   * The nearest vectors, highest cosine first, ties by id. Neither the id itself nor zero vectors
   * are among them; the neighbours of a zero vector are none.
   */
  public static Neighbour[] of(Vectors vectors, int id, int wanted) {
    float[] asked = new float[vectors.dim()];
    vectors.row(id, asked);
    PriorityQueue<Neighbour> kept = new PriorityQueue<>(Nearest::compare);
    float[] row = new float[vectors.dim()];
    boolean any = norm(asked) > 0;
    for (int other = 0; any && other < vectors.rows(); other++) {
      if (other != id) {
        vectors.row(other, row);
        if (norm(row) > 0) {
          kept.add(new Neighbour(other, cosine(asked, row)));
          if (kept.size() > wanted) {
            kept.remove();
          }
        }
      }
    }
    Neighbour[] nearest = new Neighbour[kept.size()];
    for (int i = nearest.length - 1; i >= 0; i--) {
      nearest[i] = kept.remove();
    }
    return nearest;
  }

  private static int compare(Neighbour a, Neighbour b) {
    int order = Double.compare(a.cosine, b.cosine);
    return order != 0 ? order : Integer.compare(b.id, a.id);
  }

  /** The cosine of two vectors; 0 when either is zero. */
  static double cosine(float[] a, float[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
    }
    double norms = norm(a) * norm(b);
    return norms == 0 ? 0 : product / norms;
  }

  static double norm(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return StrictMath.sqrt(sum);
  }
}
