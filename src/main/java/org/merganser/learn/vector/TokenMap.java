package org.merganser.learn.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.merganser.dataset.IdHistogram;
import org.merganser.json.Json;
import org.merganser.learn.LearnException;

/**
 * The most frequent tokens on a plane, {@code learned/map.json} of a run's output, for drawing:
 *
 * <pre>
 * {"clusters": 20,
 *  "tokens": [{"id": 262, "token": " the", "count": 5012, "x": -0.21, "y": 0.4, "cluster": 3}, …],
 *  "neighbours": [{"id": 817, "token": " water", "near": [{"id": 901, "token": " sea", "cosine": 0.61}, …]}, …]}
 * </pre>
 *
 * <p>{@code tokens}: at most {@link #TOKENS}, most frequent first. x and y are the first two
 * principal components of the vectors at length 1, four decimals; the cluster, from 0, the biggest
 * first, is k-means over all dimensions of the same. {@code neighbours}: the nearest tokens by
 * cosine of up to ten frequent words of different clusters. Deterministic from the seed.
 *
 * @param clusters how many there are
 */
public record TokenMap(int clusters, List<Point> tokens, List<Near> neighbours) {
  static final int TOKENS = 2000;
  private static final int CLUSTERS = 20;
  private static final int WORDS = 10;
  private static final int NEAR = 8;
  private static final int LETTERS = 4;

  /** A token on the plane; {@code token} is its text, U+FFFD for bytes that are no character. */
  public record Point(int id, String token, long count, double x, double y, int cluster) {}

  /** A token and its nearest ones. */
  public record Near(int id, String token, List<Close> near) {}

  /** A near token, with its cosine to four decimals. */
  public record Close(int id, String token, double cosine) {}

  /**
   * @param counts of the corpus
   * @param leftOut an id that is not on the map, or -1
   * @param texts the text of a token
   */
  public static TokenMap of(
      Nearest.Vectors vectors,
      IdHistogram counts,
      int leftOut,
      IntFunction<String> texts,
      long seed) {
    int[] ids =
        Arrays.stream(IdContexts.mostFrequent(counts, vectors.rows(), TOKENS, leftOut))
            .filter(id -> norm(vectors, id) > 0)
            .toArray();
    double[][] unit = unit(vectors, ids);
    int[] cluster = KMeans.clusters(unit, Math.max(1, Math.min(CLUSTERS, ids.length / 5)), seed);
    double[][] plane = PrincipalComponents.of(unit, seed);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      points.add(
          new Point(
              ids[i],
              texts.apply(ids[i]),
              counts.count(ids[i]),
              rounded(plane[i][0]),
              rounded(plane[i][1]),
              cluster[i]));
    }
    int clusters = Arrays.stream(cluster).max().orElse(-1) + 1;
    return new TokenMap(clusters, points, neighbours(vectors, points, texts));
  }

  private static double norm(Nearest.Vectors vectors, int id) {
    float[] row = new float[vectors.dim()];
    vectors.row(id, row);
    return Nearest.norm(row);
  }

  private static double[][] unit(Nearest.Vectors vectors, int[] ids) {
    double[][] unit = new double[ids.length][vectors.dim()];
    float[] row = new float[vectors.dim()];
    for (int i = 0; i < ids.length; i++) {
      vectors.row(ids[i], row);
      double norm = Nearest.norm(row);
      for (int d = 0; d < row.length; d++) {
        unit[i][d] = row[d] / norm;
      }
    }
    return unit;
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }

  private static List<Near> neighbours(
      Nearest.Vectors vectors, List<Point> points, IntFunction<String> texts) {
    List<Near> all = new ArrayList<>();
    Set<Integer> clusters = new HashSet<>();
    for (Point point : points) {
      String word = point.token.strip();
      boolean isWord = word.codePoints().allMatch(Character::isLetter);
      if (isWord
          && word.codePointCount(0, word.length()) >= LETTERS
          && all.size() < WORDS
          && clusters.add(point.cluster)) {
        List<Close> near = new ArrayList<>();
        for (Nearest.Neighbour neighbour : Nearest.of(vectors, point.id, NEAR)) {
          near.add(
              new Close(neighbour.id(), texts.apply(neighbour.id()), rounded(neighbour.cosine())));
        }
        all.add(new Near(point.id, point.token, near));
      }
    }
    return all;
  }

  /** Fields in order, two spaces, LF. */
  public byte[] toJson() {
    return Json.figures(this);
  }

  /**
   * @param name how errors call the file
   */
  static TokenMap read(byte[] json, String name) {
    return Json.read(json, TokenMap.class, name, LearnException::new);
  }
}
