package org.merganser.bpe.parity;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.bpe.train.ZipfPretokens;

/**
 * Measures time and memory of parity-aware training beside plain training, from the same counts:
 * from {@link ZipfPretokens}, of which each is in one group and every eighth in two, or from files
 * of {@link GroupedCounts}. Bytes are those of the arrays at their largest; the figure to trust is
 * the smallest {@code -Xmx} with which it ends. A fourth argument {@code parity} leaves plain
 * training out.
 *
 * <p>{@code java -Xmx2g -cp target/test-classes:target/classes org.merganser.bpe.parity.ParityScale
 * 5000000 32000 10} learns 32,000 ids from 5 million pretokens of ten groups.
 */
final class ParityScale {
  private ParityScale() {}

  public static void main(String[] args) throws IOException {
    int vocabSize = Integer.parseInt(args[1]);
    int groups = Integer.parseInt(args[2]);
    TrainerSettings settings =
        new TrainerSettings(
            vocabSize,
            2,
            List.of("<|endoftext|>"),
            TrainerSettings.Alphabet.BYTES,
            List.of(),
            null,
            null);
    Counts source = source(args[0], groups);
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    for (int round = 0; round < 3; round++) {
      if (args.length < 4) {
        BpeTrainer trainer = new BpeTrainer(settings);
        long start = cpu.getCurrentThreadCpuTime();
        TrainedBpe trained =
            trainer
                .train(
                    visitor ->
                        source.counts.forEach(
                            (bytes, from, to, present, counts, n) -> {
                              long total = 0;
                              for (int i = 0; i < n; i++) {
                                total += counts[i];
                              }
                              visitor.visit(bytes, from, to, total);
                            }),
                    TrainingBound.NONE,
                    learned -> {})
                .trained();
        report("plain", trained, cpu.getCurrentThreadCpuTime() - start);
      }
      double[] ratios = new double[source.groups];
      java.util.Arrays.fill(ratios, 1);
      ParityTrainer parity =
          new ParityTrainer(
              settings,
              new ParitySettings(source.groups, ratios, 0, 100, 2),
              MergeLearner.Keep.DEFAULT);
      long start = cpu.getCurrentThreadCpuTime();
      ParityTrainer.Result result =
          parity.train(source.counts, null, TrainingBound.NONE, learned -> {});
      report("parity", result.trained(), cpu.getCurrentThreadCpuTime() - start);
    }
  }

  private static void report(String what, TrainedBpe trained, long nanos) {
    System.out.printf(
        Locale.ROOT, "%s: %d merges, %.3f CPU s%n", what, trained.mergeCount(), nanos / 1e9);
  }

  private record Counts(int groups, ParityTrainer.GroupedSource counts) {}

  private static Counts source(String what, int groups) throws IOException {
    if (what.matches("\\d+")) {
      int distinct = Integer.parseInt(what);
      ZipfPretokens all = new ZipfPretokens(distinct, 20L * distinct);
      return new Counts(groups, visitor -> spread(all, groups, visitor));
    }
    List<byte[]> blocks = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    for (String file : what.split(",", -1)) {
      byte[] block = Files.readAllBytes(Path.of(file));
      blocks.add(block);
      names.addAll(GroupedCounts.blocksByGroup(block).keySet());
    }
    List<String> sorted = List.copyOf(names);
    return new Counts(
        sorted.size(),
        visitor -> blocks.forEach(block -> GroupedCounts.forEach(block, sorted, visitor)));
  }

  private static void spread(ZipfPretokens all, int groups, GroupedCounts.Visitor visitor) {
    int[] present = new int[2];
    long[] counts = new long[2];
    int[] number = {0};
    all.forEach(
        (bytes, from, to, count) -> {
          int i = number[0]++;
          int group = Math.floorMod(i * 0x9E3779B1, groups);
          boolean two = i % 8 == 0 && count > 1 && groups > 1;
          int other = (group + 1) % groups;
          int first = two ? Math.min(group, other) : group;
          present[0] = first;
          present[1] = first == group ? other : group;
          counts[0] = two ? (count + 1) / 2 : count;
          counts[1] = count / 2;
          visitor.visit(bytes, from, to, present, counts, two ? 2 : 1);
        });
  }
}
