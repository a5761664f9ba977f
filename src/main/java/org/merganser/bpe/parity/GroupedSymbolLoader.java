package org.merganser.bpe.parity;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.merganser.binary.ByteBuilder;
import org.merganser.binary.Varints;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.count.WordChunks;
import org.merganser.bpe.train.PretokenSymbols;

/**
 * Reads counts by group and lays the {@link PretokenSymbols} out in runs of equal counts: words are
 * collected in order of arrival in {@link WordChunks}, then laid out by run. The pretokens of a
 * development text, which is only measured, are words of separate groups.
 */
final class GroupedSymbolLoader {
  private final long minimumCount;

  /** The groups to learn from. */
  private final int groups;

  /** By group: the bytes so far, each of which is a token before the first merge. */
  private final long[] tokens;

  /** By byte: its occurrences. */
  private final long[] bytesSeen = new long[256];

  /** Words of symbols of one byte. */
  private final WordChunks words = new WordChunks(1);

  /** The bytes of all groups together, a checked sum. */
  private long allBytes;

  /** The runs by their counts, as in {@link #packed}. */
  private final Map<ByteBuffer, Integer> runs = new HashMap<>();

  /** By run: its groups with their counts, as varints. */
  private final List<byte[]> packed = new ArrayList<>();

  /** By run, the count of a word in all groups together. */
  private final List<Long> totals = new ArrayList<>();

  /** The groups of the current word with their counts, as varints. */
  private final ByteBuilder groupCounts = new ByteBuilder(64);

  /**
   * The words, laid out by run.
   *
   * @param symbols the bytes of the words
   * @param runs by run, its counts by group
   * @param tokens of each group before the first merge: the groups to learn from, then as many that
   *     are only measured
   */
  record Words(PretokenSymbols symbols, GroupRuns runs, long[] tokens) {}

  /**
   * @param groups to learn from; as many others are only measured
   * @param minimumCount words to learn from that are rarer in all groups together are left out;
   *     words of one byte always are, since no merge applies to them
   */
  GroupedSymbolLoader(int groups, long minimumCount) {
    this.groups = groups;
    this.minimumCount = minimumCount;
    this.tokens = new long[2 * groups];
  }

  /** Adds a pretoken to learn from; the arguments are those of {@link GroupedCounts.Visitor}. */
  void learn(byte[] bytes, int from, int to, int[] present, long[] counts, int n) {
    add(bytes, from, to, present, counts, n, 0);
  }

  /** Adds a pretoken of a development text, which is only measured. */
  void measure(byte[] bytes, int from, int to, int[] present, long[] counts, int n) {
    add(bytes, from, to, present, counts, n, groups);
  }

  /**
   * Adds a pretoken.
   *
   * @param firstGroup what is added to the numbers of groups: 0, or {@link #groups} for a text that
   *     is only measured
   */
  private void add(
      byte[] bytes, int from, int to, int[] present, long[] counts, int n, int firstGroup) {
    int length = to - from;
    groupCounts.clear();
    long total = 0;
    for (int i = 0; i < n; i++) {
      int group = firstGroup + present[i];
      groupCounts.appendVarint(group);
      groupCounts.appendVarint(counts[i]);
      total = Math.addExact(total, counts[i]);
      // Cannot overflow unnoticed: the sum of all groups is checked below.
      tokens[group] += counts[i] * length;
    }
    allBytes = Math.addExact(allBytes, Math.multiplyExact(total, (long) length));
    for (int i = from; i < to; i++) {
      bytesSeen[bytes[i] & 0xFF] += total;
    }
    boolean onlyMeasured = firstGroup > 0;
    if (length >= 2 && (onlyMeasured || total >= minimumCount)) {
      words.add(currentRun(total), bytes, from, length);
    }
  }

  /** The run of all words with the {@link #groupCounts} of the current word, added if it is new. */
  private int currentRun(long total) {
    Integer known = runs.get(ByteBuffer.wrap(groupCounts.bytes(), 0, groupCounts.length()));
    return known == null ? newRun(groupCounts.toByteArray(), total) : known;
  }

  /** Adds a run; returns its number. */
  private int newRun(byte[] counts, long total) {
    int run = packed.size();
    packed.add(counts);
    totals.add(total);
    runs.put(ByteBuffer.wrap(counts), run);
    return run;
  }

  /** Lays all words out, the most frequent first; of equal totals by their packed counts. */
  Words layOut() {
    runs.clear();
    int count = packed.size();
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(
                Comparator.comparing((Integer run) -> totals.get(run))
                    .reversed()
                    .thenComparing(run -> packed.get(run), Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] counts = new long[count];
    GroupRuns groupRuns = new GroupRuns(count);
    for (int i = 0; i < count; i++) {
      counts[i] = totals.get(order[i]);
      unpack(packed.get(order[i]), i, groupRuns);
    }
    return new Words(
        new PretokenSymbols(words.layOut(order), counts, bytesSeen), groupRuns, tokens);
  }

  /** Adds the packed counts of a run to the runs. */
  private static void unpack(byte[] counts, int run, GroupRuns to) {
    for (int at = 0; at < counts.length; ) {
      long group = Varints.read(counts, at);
      at += Varints.length(group);
      long count = Varints.read(counts, at);
      at += Varints.length(count);
      to.add(run, (int) group, count);
    }
  }
}
