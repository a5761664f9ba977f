package org.merganser.embedding;

import java.util.Arrays;

/**
 * The mean of a text's token vectors. It is defined as the sum over the distinct ids, ascending, of
 * the vector times the occurrences of the id, in double precision, divided by the number of ids and
 * rounded to a float. A row is fetched once for all occurrences of its id, and the result is
 * bit-identical everywhere; docs/embeddings.md has the definition as a loop in numpy. Not
 * thread-safe.
 */
public final class Pooling {
  /** How many rows are added in one pass over the sums. */
  private static final int AT_ONCE = 4;

  private final EmbeddingTable table;
  private final DoubleRows rows;

  /** The occurrences of each id in the text; all 0 between two texts. */
  private final int[] counts;

  /** A bit for each id that occurs: bit id % 64 of word id / 64. All 0 between two texts. */
  private final long[] occurringIds;

  /** A bit for each word of {@link #occurringIds} that is not 0, likewise. */
  private final long[] occurringWords;

  /** Ids whose rows are added next, all in one pass: see {@link #addFour}. */
  private final int[] next = new int[AT_ONCE];

  private final double[] sum;

  /** The floats of a row that {@link DoubleRows} does not keep. */
  private final float[] narrow;

  /** The doubles of such rows, of each of {@link #next}. */
  private final double[][] spare;

  /** Pools vectors of a table, with some four bytes of memory for each of its ids. */
  public Pooling(EmbeddingTable table) {
    this.table = table;
    this.rows = table.doubleRows();
    this.counts = new int[table.rows()];
    this.occurringIds = new long[table.rows() / 64 + 1];
    this.occurringWords = new long[occurringIds.length / 64 + 1];
    this.sum = new double[table.dim()];
    this.narrow = new float[table.dim()];
    this.spare = new double[AT_ONCE][table.dim()];
  }

  /**
   * Writes the mean over {@code ids[0, count)} to {@code out[0, dim)}; zeros for no ids.
   *
   * @throws EmbeddingException naming an id outside the table
   */
  public void pool(int[] ids, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      table.checkId(ids[i]);
    }
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      counts[id]++;
      occurringIds[id >> 6] |= 1L << id; // Java shifts by the lowest six bits of id
      occurringWords[id >> 12] |= 1L << (id >> 6);
    }
    Arrays.fill(sum, 0);
    addUp();
    for (int d = 0; d < sum.length; d++) {
      out[d] = count == 0 ? 0 : (float) (sum[d] / count);
    }
  }

  /** Adds the rows of all ids that occur, ascending, and resets the counts. */
  private void addUp() {
    int waiting = 0; // ids in next
    for (int i = 0; i < occurringWords.length; i++) {
      // "bits & (bits - 1)" is bits without its lowest one.
      for (long words = occurringWords[i]; words != 0; words &= words - 1) {
        int word = (i << 6) + Long.numberOfTrailingZeros(words);
        for (long bits = occurringIds[word]; bits != 0; bits &= bits - 1) {
          next[waiting++] = (word << 6) + Long.numberOfTrailingZeros(bits);
          if (waiting == AT_ONCE) {
            addFour(next[0], next[1], next[2], next[3]);
            waiting = 0;
          }
        }
        occurringIds[word] = 0;
      }
      occurringWords[i] = 0;
    }
    for (int i = 0; i < waiting; i++) {
      addOne(next[i]);
    }
  }

  /** Adds rows in the order of {@link #addOne}, with one pass over the sums. */
  private void addFour(int first, int second, int third, int fourth) {
    double[] to = sum;
    double[] row1 = rows.row(first, narrow, spare[0]);
    double[] row2 = rows.row(second, narrow, spare[1]);
    double[] row3 = rows.row(third, narrow, spare[2]);
    double[] row4 = rows.row(fourth, narrow, spare[3]);
    double times1 = takeCount(first);
    double times2 = takeCount(second);
    double times3 = takeCount(third);
    double times4 = takeCount(fourth);
    for (int d = 0; d < to.length; d++) {
      to[d] = to[d] + times1 * row1[d] + times2 * row2[d] + times3 * row3[d] + times4 * row4[d];
    }
  }

  /** Adds the row of an id, times its occurrences, to the sums. */
  private void addOne(int id) {
    double[] to = sum;
    double[] row = rows.row(id, narrow, spare[0]);
    double times = takeCount(id);
    for (int d = 0; d < to.length; d++) {
      to[d] += times * row[d];
    }
  }

  /** The occurrences of an id, which are reset. */
  private int takeCount(int id) {
    int count = counts[id];
    counts[id] = 0;
    return count;
  }
}
