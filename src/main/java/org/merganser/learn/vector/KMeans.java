package org.merganser.learn.vector;

import java.util.Arrays;
import org.merganser.learn.SplitMix64;

/**
 * k-means of Lloyd, begun by k-means++ (Arthur and Vassilvitskii 2007) from a seed, ended when
 * nothing moves or after {@link #ROUNDS} rounds. Ties go to the smaller number.
 */
final class KMeans {
  private static final int ROUNDS = 50;

  private KMeans() {}

  /** The cluster of each point, numbered from 0 by size, biggest first; none is empty. */
  static int[] clusters(double[][] points, int k, long seed) {
    if (points.length == 0) {
      return new int[0];
    }
    double[][] centres = centres(points, Math.min(k, points.length), new SplitMix64(seed));
    int[] cluster = new int[points.length];
    Arrays.fill(cluster, -1);
    for (int round = 0; round < ROUNDS && assign(points, centres, cluster); round++) {
      move(points, centres, cluster);
    }
    return bySize(cluster, centres.length);
  }

  private static double[][] centres(double[][] points, int k, SplitMix64 random) {
    double[][] centres = new double[k][];
    double[] nearest = new double[points.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int next = random.nextInt(points.length);
    for (int c = 0; c < k; c++) {
      centres[c] = points[next].clone();
      double sum = 0;
      for (int i = 0; i < points.length; i++) {
        nearest[i] = Math.min(nearest[i], distance(points[i], centres[c]));
        sum += nearest[i];
      }
      double left = random.nextDouble() * sum;
      next = points.length - 1;
      for (int i = 0; i < points.length; i++) {
        left -= nearest[i];
        if (left < 0) {
          next = i;
          break;
        }
      }
    }
    return centres;
  }

  private static boolean assign(double[][] points, double[][] centres, int[] cluster) {
    boolean moved = false;
    for (int i = 0; i < points.length; i++) {
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < centres.length; c++) {
        double distance = distance(points[i], centres[c]);
        if (distance < least) {
          least = distance;
          best = c;
        }
      }
      moved |= cluster[i] != best;
      cluster[i] = best;
    }
    return moved;
  }

  /** Moves each centre to the mean of its points; one without points stays. */
  private static void move(double[][] points, double[][] centres, int[] cluster) {
    int[] sizes = new int[centres.length];
    double[][] sums = new double[centres.length][points[0].length];
    for (int i = 0; i < points.length; i++) {
      sizes[cluster[i]]++;
      for (int d = 0; d < points[i].length; d++) {
        sums[cluster[i]][d] += points[i][d];
      }
    }
    for (int c = 0; c < centres.length; c++) {
      for (int d = 0; d < sums[c].length && sizes[c] > 0; d++) {
        centres[c][d] = sums[c][d] / sizes[c];
      }
    }
  }

  private static int[] bySize(int[] cluster, int k) {
    int[] sizes = new int[k];
    for (int c : cluster) {
      sizes[c]++;
    }
    Integer[] order = new Integer[k];
    Arrays.setAll(order, c -> c);
    Arrays.sort(
        order,
        (a, b) -> sizes[a] != sizes[b] ? Integer.compare(sizes[b], sizes[a]) : a.compareTo(b));
    int[] number = new int[k];
    for (int i = 0; i < k; i++) {
      number[order[i]] = i;
    }
    return Arrays.stream(cluster).map(c -> number[c]).toArray();
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }
}
