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
 * Reads counts by group and lays the {@link PretokenSymbols} out in runs of words that have equal
 * counts in all groups. {@link WordChunks} collects the words in order of arrival and lays them out
 * by run. The pretokens of a development text, which is only measured, are words of separate
 * groups.
 */
final class GroupedSymbolLoader {
  /** The minimum count of a word to learn from, in all groups together. */
  private final long minimumCount;

  /** The number of groups to learn from. */
  private final int groups;

  /** By group: the bytes so far, each of which is a token before the first merge. */
  private final long[] startingTokens;

  /** By byte: its occurrences. */
  private final long[] bytesSeen = new long[256];

  private final WordChunks words = new WordChunks(/* symbolBytes= */ 1);

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
   * @param startingTokens the tokens of each group before the first merge: the groups to learn
   *     from, then as many that are only measured
   */
  record Words(PretokenSymbols symbols, GroupRuns runs, long[] startingTokens) {}

  /**
   * @param groups the number of groups to learn from; as many others are only measured
   * @param minimumCount words to learn from that are rarer in all groups together are left out;
   *     words of one byte always are, since no merge applies to them
   */
  GroupedSymbolLoader(int groups, long minimumCount) {
    this.groups = groups;
    this.minimumCount = minimumCount;
    this.startingTokens = new long[2 * groups];
  }

  /** Adds a pretoken to learn from; the arguments are those of {@link GroupedCounts.Visitor}. */
  void learn(byte[] bytes, int from, int to, int[] groupNumbers, long[] counts, int n) {
    long total = addGroups(groupNumbers, counts, n, to - from, /* firstGroup= */ 0);
    addWord(bytes, from, to, total, minimumCount);
  }

  /**
   * Adds a pretoken of a development text, which is only measured: none is left out for its count.
   */
  void measure(byte[] bytes, int from, int to, int[] groupNumbers, long[] counts, int n) {
    long total = addGroups(groupNumbers, counts, n, to - from, /* firstGroup= */ groups);
    long anyCount = 0;
    addWord(bytes, from, to, total, anyCount);
  }

  /**
   * Sets {@link #groupCounts} to the counts of a word by group, and adds them to {@link
   * #startingTokens}.
   *
   * @param length the bytes of the word
   * @param firstGroup is added to the numbers of groups: {@link #groups} for those that are only
   *     measured
   * @return the count of the word in all groups together
   */
  private long addGroups(int[] groupNumbers, long[] counts, int n, int length, int firstGroup) {
    groupCounts.clear();
    long total = 0;
    for (int i = 0; i < n; i++) {
      int group = firstGroup + groupNumbers[i];
      groupCounts.appendVarint(group);
      groupCounts.appendVarint(counts[i]);
      total = Math.addExact(total, counts[i]);
      // Cannot overflow unnoticed: addBytes checks the sum of all groups.
      startingTokens[group] += counts[i] * length;
    }
    return total;
  }

  /**
   * Adds a word with the {@link #groupCounts}, whose bytes count even if it is left out.
   *
   * @param total its count in all groups together
   * @param minimum a word with a lower total is left out
   */
  private void addWord(byte[] bytes, int from, int to, long total, long minimum) {
    addBytes(bytes, from, to, total);
    int length = to - from;
    if (length >= 2 && total >= minimum) {
      words.add(currentRun(total), bytes, from, length);
    }
  }

  /** Adds the bytes of a word that occurs {@code total} times. */
  private void addBytes(byte[] bytes, int from, int to, long total) {
    allBytes = Math.addExact(allBytes, Math.multiplyExact(total, (long) (to - from)));
    for (int i = from; i < to; i++) {
      bytesSeen[bytes[i] & 0xFF] += total;
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

  /**
   * Lays all words out, those with the highest total first, of equal totals by their packed counts;
   * nothing can be added afterwards.
   */
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
        new PretokenSymbols(words.layOut(order), counts, bytesSeen), groupRuns, startingTokens);
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
