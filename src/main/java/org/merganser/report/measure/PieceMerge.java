package org.merganser.report.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.bpe.count.PackedCounts;

/**
 * Merges the tables of one hash partition, training and validation part, into sums by kind; a piece
 * lies in one partition whole, so that the sums of partitions add up. Memory is that of the blocks.
 */
public final class PieceMerge {
  private final Map<Granularity, Sums> byKind = new EnumMap<>(Granularity.class);

  private PieceMerge() {}

  /** The sums of packed tables of the two parts. */
  public static Map<Granularity, PieceSums> of(List<byte[]> training, List<byte[]> validation) {
    PieceMerge merge = new PieceMerge();
    merge.run(training, validation);
    Map<Granularity, PieceSums> sums = new EnumMap<>(Granularity.class);
    merge.byKind.forEach((kind, of) -> sums.put(kind, of.sums()));
    return sums;
  }

  /** Both parts are visited in order of their keys; the smaller one is held, merged. */
  private void run(List<byte[]> training, List<byte[]> validation) {
    List<byte[]> keys = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    PackedCounts.merge(
        validation,
        (bytes, from, to, count) -> {
          keys.add(Arrays.copyOfRange(bytes, from, to));
          counts.add(count);
        });
    int[] next = {0};
    PackedCounts.merge(
        training,
        (bytes, from, to, count) -> {
          while (next[0] < keys.size() && compare(keys.get(next[0]), bytes, from, to) < 0) {
            unknown(keys.get(next[0]), counts.get(next[0]));
            next[0]++;
          }
          long also = 0;
          if (next[0] < keys.size() && compare(keys.get(next[0]), bytes, from, to) == 0) {
            also = counts.get(next[0]++);
          }
          kind(bytes[from]).known(count, also);
        });
    for (; next[0] < keys.size(); next[0]++) {
      unknown(keys.get(next[0]), counts.get(next[0]));
    }
  }

  private static int compare(byte[] key, byte[] bytes, int from, int to) {
    return Arrays.compareUnsigned(key, 0, key.length, bytes, from, to);
  }

  private void unknown(byte[] key, long count) {
    kind(key[0]).unknown(count);
  }

  private Sums kind(byte key) {
    for (Granularity kind : Granularity.values()) {
      if (kind.key() == key) {
        return byKind.computeIfAbsent(kind, k -> new Sums());
      }
    }
    throw new IllegalArgumentException("counts of pieces hold a key of kind " + key);
  }

  private static final class Sums {
    private long distinct;
    private long trained;
    private long rare;
    private long trainingTokens;
    private long validationTokens;
    private long unknownTokens;
    private final TreeMap<Long, Long> byCount = new TreeMap<>();

    void known(long inTraining, long inValidation) {
      distinct++;
      trained++;
      rare += inTraining < PieceSums.RARE ? 1 : 0;
      trainingTokens = Math.addExact(trainingTokens, inTraining);
      validationTokens = Math.addExact(validationTokens, inValidation);
      byCount.merge(inTraining, 1L, Math::addExact);
    }

    void unknown(long inValidation) {
      distinct++;
      validationTokens = Math.addExact(validationTokens, inValidation);
      unknownTokens = Math.addExact(unknownTokens, inValidation);
    }

    PieceSums sums() {
      return new PieceSums(
          distinct, trained, rare, trainingTokens, validationTokens, unknownTokens, byCount);
    }
  }
}
